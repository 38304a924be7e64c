"""Opening pages: each in a browser context of its own, watched for anything the browser complains about."""

from dataclasses import dataclass, field
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

PHONE: ViewportSize = {"width": 360, "height": 800}
DESK: ViewportSize = {"width": 1280, "height": 900}
#: A machine that runs many tests at once is slow, not broken.
PATIENCE_MS = 20_000
#: Chromium writes a line for every answer from 400 on; tests look at those themselves.
EXPECTED = "the server responded with a status of"


@dataclass
class Pages:
    """Opens pages and remembers what their consoles said."""

    browser: Browser
    complaints: list[str] = field(default_factory=list)
    _open: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        base_url: str = "",
        *,
        viewport: ViewportSize = DESK,
        scripts: bool = True,
        scheme: Literal["light", "dark"] = "light",
        language: str = "en-US",
    ) -> Page:
        """A page with cookies of its own; addresses are completed with `base_url`."""
        context = self.browser.new_context(
            base_url=base_url or None,
            viewport=viewport,
            java_script_enabled=scripts,
            color_scheme=scheme,
            locale=language,
            has_touch=viewport["width"] < 600,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        self._open.append(context)
        page = context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and EXPECTED not in message.text:
            self.complaints.append(message.text)

    def close(self) -> None:
        """Close all; fail with what a console complained about, such as a broken content security policy."""
        for context in self._open:
            context.close()
        assert not self.complaints, "\n".join(self.complaints)
