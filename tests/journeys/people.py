"""The people of the journeys: what each does in the browser, in their own words."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

WITHIN_MS = 30_000


@dataclass
class Resident:
    """Tells something, keeps the receipt, follows up."""

    page: Page
    receipt: str = ""

    def tell(self, text: str, category: str = "Noise", district: str = "9", **contact: str) -> str:
        """Through the form, past the check, to the receipt."""
        page = self.page
        page.goto("/report")
        page.get_by_label("What happened?").fill(text)
        page.locator("label", has_text=re.compile(f"^{category}$")).click()
        page.get_by_label("Which district?").select_option(district)
        page.locator("label", has_text="Yes, here is how" if contact else "No, I stay unknown").click()
        for name, value in contact.items():
            page.locator(f"[name={name}]").fill(value)
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text(text)).to_be_visible()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="We have it.")).to_be_visible()
        self.receipt = re.sub(r"\D", "", page.locator(".receipt-spoken").inner_text())
        assert len(self.receipt) == 16
        return self.receipt

    def follow_up(self) -> None:
        """With the receipt typed into the form, unless the page is still open in this browser."""
        self.page.goto("/track")
        if self.page.get_by_label("What is your receipt number?").count():
            self.page.get_by_label("What is your receipt number?").fill(self.receipt)
            self.page.get_by_role("button", name="Open").click()
        expect(self.page.get_by_role("heading", name="Your concern")).to_be_visible()

    def reads(self, words: str) -> None:
        """Opens the conversation until the words stand there."""
        for _ in range(WITHIN_MS // 500):
            self.follow_up()
            if words in self.page.locator("main").inner_text():
                return
            self.page.wait_for_timeout(500)
        raise AssertionError(f"“{words}” has not come: {self.page.locator('main').inner_text()}")

    def write_back(self, text: str) -> None:
        self.page.get_by_label("Write back").fill(text)
        self.page.get_by_role("button", name="Send").click()
        expect(self.page.locator("ol.thread")).to_contain_text(text)


@dataclass
class Phone:
    """A phone of the demo: texts out, texts in."""

    page: Page

    def text(self, body: str, phone: int = 0) -> None:
        self.page.goto("/demo/phone")
        self.page.locator("ul.doors a").nth(phone).click()
        self.page.get_by_label("Your text").fill(body)
        self.page.get_by_role("button", name="Send").click()
        expect(self.page.locator("#texts")).to_contain_text(body)

    def gets(self, words: str) -> None:
        """Looks until the words have come."""
        for _ in range(WITHIN_MS // 500):
            if words in self.page.locator("#texts").inner_text():
                return
            self.page.wait_for_timeout(500)
            self.page.reload()
        raise AssertionError(f"“{words}” has not come: {self.page.locator('#texts').inner_text()}")


@dataclass
class Staff:
    """A member of staff at the console."""

    page: Page
    role: str
    login: str
    password: str

    def sign_in(self, password: str = "") -> None:
        self.page.goto("/account/sign-in")
        self.page.get_by_label("Login").fill(self.login)
        self.page.get_by_label("Password").fill(password or self.password)
        self.page.get_by_role("main").get_by_role("button").click()

    def sign_out(self) -> None:
        self.page.goto("/account/")
        self.page.get_by_role("button", name="Sign out").click()

    def card(self, title: str) -> Locator:
        return self.page.locator("li.card", has=self.page.get_by_role("link", name=title, exact=True))

    def opens(self, title: str, box: str = "mine") -> None:
        """Looks into the box until the case is there, and opens it."""
        for _ in range(WITHIN_MS // 250):
            self.page.goto(f"/console/?box={box}")
            if self.card(title).count():
                break
            self.page.wait_for_timeout(250)
        self.card(title).get_by_role("link").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)

    @property
    def thread(self) -> Locator:
        return self.page.locator("ol.thread")

    def reply(self, text: str) -> None:
        self.page.get_by_role("textbox", name="Reply in").fill(text)
        self.page.get_by_role("button", name="Send reply").click()
        expect(self.page.get_by_text("Your reply is on its way.")).to_be_visible()
        expect(self.thread).to_contain_text(text)

    def step(self, name: str) -> None:
        """A link of the facts, which in a narrow window lie behind another."""
        facts = self.page.get_by_role("link", name="Facts and clocks")
        if facts.is_visible():
            facts.click()
        self.page.locator("#facts").get_by_role("link", name=name, exact=True).click()

    def resolve(self, outcome: str, sentence: str) -> None:
        self.step("Resolve")
        self.page.get_by_label("What came of it?").select_option(outcome)
        self.page.get_by_label("One sentence to the resident").fill(sentence)
        self.page.get_by_role("button", name="Resolve").click()
        expect(self.page.get_by_text("The case has moved on.")).to_be_visible()

    def badge(self) -> Locator:
        return self.page.locator(".case-head .badge")
