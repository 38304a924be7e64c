"""Follow up: the receipt opens the conversation; it stands in no address, only in a sealed cookie for a while."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext
from marshmallow import ValidationError

from services.intake.domain import receipts
from services.intake.handlers.converse import Conversation, UnknownReceipt
from services.intake.handlers.house import House
from services.intake.handlers.say import Message as Said
from services.intake.schemas.conversation import Message
from services.intake.web.pages.envelopes import Envelopes
from services.intake.web.pages.frame import LEAVE
from services.intake.web.pages.standing import standing
from shared.ids import new_id
from shared.web.faults import faults_of
from shared.web.limits.limited import limited
from shared.web.problems import Problem, said

OPEN_FOR = timedelta(minutes=30)
COOKIE, CONVERSATION = "receipt", "conversation"
ELSEWHERE = "https://www.weather.gov/"


def add_track(pages: Blueprint, house: House) -> None:
    """Serve /track and /track/leave."""
    desk = Track(house)

    @pages.get("/track")
    def track() -> Response:
        return desk.show()

    @pages.post("/track")
    @limited("track", unless=lambda: _step() == "close")
    def act() -> Response:
        step = STEPS.get(_step())
        if step is None:
            raise Problem(400)
        return step(desk)

    @pages.get(LEAVE)
    def leave() -> Response:
        return desk.leave(ELSEWHERE)


class Track:
    """The conversation behind a receipt."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._envelopes = Envelopes(house.keyed, house.clock)
        self._message = Message()

    def show(self, error: str = "", typed: str = "") -> Response:
        """The conversation, or the question for the receipt."""
        receipt = self._remembered()
        if receipt is None:
            return self._ask()
        try:
            conversation = self._house.conversations.read(receipt)
        except UnknownReceipt:
            session.pop(COOKIE, None)
            return self._ask()
        self._remember(receipt)
        return make_response(self._page(receipt, conversation, error, typed), 422 if error else 200)

    def open(self) -> Response:
        """Look the typed receipt up and remember it, sealed, in the cookie. Words not sent yet come along."""
        typed, words = request.form.get("receipt", ""), _words()
        digits = receipts.normalised(typed)
        try:
            self._house.conversations.read(digits)
        except UnknownReceipt:
            return self._ask(gettext("This number opens nothing. Check its sixteen digits."), typed[:40], words)
        self._remember(digits)
        return self.show(typed=words) if words.strip() else self._again()

    def write(self) -> Response:
        """Add what the resident writes to the conversation they saw; sent twice, it is kept once."""
        text, shown, receipt = _words(), self._shown(), self._remembered()
        if shown is None or shown != receipt:
            return self._ask(_lost_sight(shown, receipt), words=text, status=409)
        try:
            words = self._message.load({"text": text})["text"]
            self._house.conversations.write(shown, Said(_message_id(words), "web", words))
        except ValidationError as error:
            return self.show(said(faults_of(error)[0].fault), text)
        except UnknownReceipt:
            return self._ask(words=text)
        return self._again()

    def close(self) -> Response:
        """Forget the receipt on this device."""
        return self.leave(url_for("pages.home"))

    def leave(self, address: str) -> Response:
        """Forget everything and go elsewhere."""
        session.clear()
        # Nothing here is cached; asking the browser to clear its cache would only make leaving slow.
        return make_response(redirect(address, 303))

    def _again(self) -> Response:
        return make_response(redirect(url_for("pages.track"), 303))

    def _ask(self, error: str = "", typed: str = "", words: str = "", status: int = 404) -> Response:
        summary = [{"field": "receipt", "message": error}] if error else []
        page = render_template("intake/track.html", error=error, typed=typed, words=words, summary=summary)
        return make_response(page, status if error else 200)

    def _page(self, receipt: str, conversation: Conversation, error: str, typed: str) -> str:
        return render_template(
            "intake/conversation.html",
            conversation=conversation,
            standing=standing(self._house, conversation),
            token=str(new_id()),
            sealed_receipt=self._envelopes.close(CONVERSATION, receipt, OPEN_FOR),
            error=error,
            typed=typed,
            summary=[{"field": "text", "message": error}] if error else [],
        )

    def _remember(self, digits: str) -> None:
        session[COOKIE] = self._envelopes.close(COOKIE, digits, OPEN_FOR)

    def _remembered(self) -> str | None:
        found: str | None = self._envelopes.open(COOKIE, session.get(COOKIE, ""))
        return found

    def _shown(self) -> str | None:
        """The receipt of the page that was written on; the cookie may be of another tab's by now."""
        found: str | None = self._envelopes.open(CONVERSATION, request.form.get("conversation", ""))
        return found


STEPS: Mapping[str, Callable[[Track], Any]] = {"open": Track.open, "write": Track.write, "close": Track.close}


def _step() -> str:
    return request.form.get("step", "open")


def _words() -> str:
    """What was typed. Browsers send line ends as CRLF; people mean one."""
    return request.form.get("text", "").replace("\r\n", "\n")


def _lost_sight(shown: str | None, receipt: str | None) -> str:
    """Why words cannot go where they were written."""
    if shown and receipt:
        return gettext(
            "You opened another concern meanwhile. Nothing was sent. Type the receipt of the one you write to."
        )
    return gettext("This page was closed after a while. Type your receipt again.")


def _message_id(words: str) -> UUID:
    """The same words of the same page are one message, other words another; a strange token makes it new."""
    try:
        return uuid5(UUID(request.form.get("token", "")), words)
    except ValueError:
        return new_id()
