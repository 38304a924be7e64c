"""A resident in a browser without scripts: follows forms the way a browser does."""

import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Form(HTMLParser):
    """The fields of a page's forms, as they stand."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._area: str | None = None
        self._select: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Take over inputs, areas and choices."""
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "input" and found.get("type") in ("radio", "checkbox"):
            if "checked" in found:
                self.fields[name] = found["value"]
        elif tag == "input" and name:
            self.fields[name] = found.get("value") or ""
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in found and self._select:
            self.fields[self._select] = found["value"]

    def handle_endtag(self, tag: str) -> None:
        """Areas and lists end."""
        if tag == "textarea":
            # A browser drops the first line end of an area.
            area = self._area or ""
            self.fields[area] = self.fields[area].removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        """The words in an area."""
        if self._area is not None:
            self.fields[self._area] += data


class Visitor:
    """One browser: its cookies and the page it shows."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""
        self.status = 0
        self.response: TestResponse

    def get(self, path: str, **more: Any) -> "Visitor":
        """Open an address, following redirects."""
        return self._shows(self.client.get(path, follow_redirects=True, **more))

    def submit(self, path: str, step: str, **answers: str) -> "Visitor":
        """Fill in the shown form and press the button."""
        fields = {**Form(self.page).fields, **answers, "step": step}
        sent = {name: value.replace("\n", "\r\n") for name, value in fields.items()}
        return self._shows(self.client.post(path, data=sent, follow_redirects=True))

    def _shows(self, response: TestResponse) -> "Visitor":
        self.response, self.status, self.page = response, response.status_code, response.text
        return self

    @property
    def fields(self) -> dict[str, str]:
        """What stands in the shown form."""
        return Form(self.page).fields

    @property
    def receipt(self) -> str:
        """The receipt on the page."""
        spoken = re.search(r"receipt-spoken[^>]*>([^<]+)<", self.page)
        assert spoken, self.page
        return re.sub(r"\D", "", spoken[1])
