"""A member of staff's browser without a screen: signed in, with cookies and form tokens, reading pages as trees."""

from services.routing.handlers.signing_in import start_session
from services.routing.web.access import SECRET
from tests.integration.routing.pages.reading import Page, read


class Browser:
    """`get` and `post` give pages; a post takes the form token of the page last read."""

    def __init__(self, app, world, actor=None):
        self.http = app.test_client()
        self.actor = actor
        if actor is not None:
            with world.routing.engine.begin() as conn:
                now = world.routing.clock.now()
                secret = start_session(conn, world.routing.office, actor.id, now, "A browser")
            with self.http.session_transaction() as session:
                session[SECRET] = secret
        self.page = None

    def get(self, address, status=200, **more) -> Page:
        return self._kept(self.http.get(address, **more), status)

    def post(self, address, status=303, token=True, **form) -> Page:
        if token:
            form["csrf_token"] = self.token()
        return self._kept(self.http.post(address, data=form), status)

    def submit(self, form, status=303, **filled) -> Page:
        """Send a form of the page last read, as it stands there but for what is filled in."""
        address = form.attrs.get("action", self.page.response.request.path)
        return self._kept(self.http.post(address, data=form.fields() | filled), status)

    def follow(self) -> Page:
        return self.get(self.page.response.headers["Location"])

    def token(self):
        """The token of the page last read, or of a page every role may read."""
        found = self.page.all("input", name="csrf_token") if self.page else []
        return found[0].attrs["value"] if found else self._account_token()

    def _account_token(self):
        page = read(self.http.get("/account/"))
        return page.all("input", name="csrf_token")[0].attrs["value"]

    def _kept(self, response, status) -> Page:
        assert response.status_code == status, (response.status_code, response.text[:2000])
        self.page = read(response)
        return self.page
