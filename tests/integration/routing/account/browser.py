"""A browser in tests: keeps cookies, sends forms with their token, follows nothing by itself."""

import re
from dataclasses import dataclass
from typing import Any

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Browser:
    """One person's browser."""

    http: Any

    @classmethod
    def on(cls, app) -> "Browser":
        return cls(app.test_client())

    def get(self, path: str):
        return self.http.get(path)

    def send(self, path: str, token_from: str | None = None, **form: str):
        """Fill in and send the form; its token comes from the page it stands on."""
        page = self.http.get(token_from or path).text
        found = TOKEN.search(page)
        return self.http.post(path, data=form | ({"csrf_token": found[1]} if found else {}))

    def sign_in(self, login: str, password: str, **form: str):
        return self.send("/account/sign-in", login=login, password=password, **form)

    @property
    def cookie(self) -> str | None:
        kept = self.http.get_cookie("cg_staff")
        return kept.value if kept else None
