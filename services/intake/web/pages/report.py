"""Tell us: the form, what was understood, and the receipt. Nothing is kept before "Send"."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from flask import Blueprint, Response, make_response, render_template, request
from marshmallow import Schema

from services.intake.domain.concern import Concern
from services.intake.domain.receipts import grouped
from services.intake.handlers.accept import Accepted
from services.intake.handlers.house import House
from services.intake.schemas.feedback import feedback_schema, partners
from services.intake.web.pages import understood
from services.intake.web.pages.answers import Answers, Unclear, answers_in, read
from services.intake.web.pages.choices import categories, districts, ways
from services.intake.web.pages.envelopes import Envelopes
from services.intake.web.pages.frame import reader_tag
from services.intake.web.pages.standing import answer_by
from shared.db import is_outage
from shared.web.faults import fault
from shared.web.limits.limited import limited
from shared.web.problems import RETRY_AFTER_S, Problem

DRAFT, RECEIPT = "draft", "receipt"
DRAFT_GOOD_FOR = timedelta(hours=24)
RECEIPT_GOOD_FOR = timedelta(hours=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")
TOO_OLD = fault("draft_too_old", "This page was open too long. Nothing was sent. Please tell us again.")


def add_report(pages: Blueprint, house: House) -> None:
    """Serve /report. One address: what was typed never stands in it."""
    desk = Report(house)

    @pages.get("/report")
    def report() -> Response:
        return desk.form(desk.answers({"partner": request.args.get("partner", "")}), secrets.token_hex(16))

    @pages.post("/report")
    @limited("feedback", unless=lambda: request.form.get("step") != "send")
    def take() -> Response:
        step = STEPS.get(request.form.get("step", "check"))
        if step is None:
            raise Problem(400)
        return step(desk)


class Report:
    """The form of one city."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._schema: Schema = feedback_schema(house.city, house.clock)
        self._envelopes = Envelopes(house.keyed, house.clock)
        self._partners = partners(house.city)

    def answers(self, given: Mapping[str, str]) -> dict[str, str]:
        """The answers among what a form, a draft or a poster's address holds."""
        return answers_in(given, self._partners)

    def form(self, answers: Answers, token: str, unclear: Unclear | None = None) -> Response:
        """The questions, with what was answered and what is wrong with it."""
        page = render_template(
            "intake/report.html",
            answers=answers,
            token=token,
            categories=categories(self._house.city),
            districts=districts(self._house.city),
            ways=ways(self._house.city),
            errors=unclear.by_control() if unclear else {},
            summary=unclear.summary() if unclear else [],
        )
        return _kept_for_back(page, 422 if unclear else 200)

    def check(self) -> Response:
        """Read the answers and show what was understood."""
        answers, token = self.answers(request.form), _token()
        try:
            concern = self._concern(answers)
        except Unclear as unclear:
            return self.form(answers, token, unclear)
        return self._review(concern, answers, token)

    def change(self) -> Response:
        """The questions again, as they were answered."""
        return self.form(*self._draft())

    def send(self) -> Response:
        """Keep it, once however often it is sent, and show the receipt."""
        answers, token = self._draft()
        try:
            concern = self._concern(answers)
        except Unclear as unclear:
            return self.form(answers, token, unclear)
        key = self._house.acceptance.key(f"form {token} {_digest(answers)}", b"")
        try:
            accepted = self._house.acceptance.accept(concern, "resident", key)
        except Exception as error:
            if not is_outage(error):
                raise
            return self._review(concern, answers, token, away=True)
        return self._receipt(concern, accepted)

    def save(self) -> Response:
        """The receipt as a file."""
        digits = self._envelopes.open(RECEIPT, request.form.get("receipt", ""))
        if digits is None:
            raise Problem(400, TOO_OLD)
        name = "common-ground-receipt.txt"
        page = render_template("intake/receipt.txt", number=grouped(digits), url=self._house.settings.public_url)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(page, headers=headers, content_type="text/plain; charset=utf-8")

    def _concern(self, answers: Answers) -> Concern:
        return self._house.understanding.concern(read(self._schema, answers, reader_tag()), "web")

    def _review(self, concern: Concern, answers: Answers, token: str, *, away: bool = False) -> Response:
        draft = self._envelopes.close(DRAFT, [dict(answers), token], DRAFT_GOOD_FOR)
        page = render_template(
            "intake/check.html",
            rows=understood.rows(self._house, concern, answers),
            first_reader=understood.first_reader(self._house, concern),
            anonymous=concern.anonymous,
            draft=draft,
            away=away,
        )
        response = _kept_for_back(page, 503 if away else 200)
        if away:
            response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response

    def _draft(self) -> tuple[dict[str, str], str]:
        draft = self._envelopes.open(DRAFT, request.form.get("draft", ""))
        if draft is None:
            raise Problem(400, TOO_OLD)
        answers, token = draft
        return self.answers(answers), token

    def _receipt(self, concern: Concern, accepted: Accepted) -> Response:
        promised = answer_by(self._house.city, concern, accepted.received_at)
        page = render_template(
            "intake/receipt.html",
            number=accepted.receipt,
            promised_at=promised,
            first_reader=understood.first_reader(self._house, concern),
            concern=concern,
            sealed_receipt=self._envelopes.close(RECEIPT, accepted.receipt, RECEIPT_GOOD_FOR),
        )
        response = make_response(page)
        # "Back" on a shared computer must not bring up what was typed.
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


STEPS: Mapping[str, Any] = {
    "check": Report.check,
    "change": Report.change,
    "send": Report.send,
    "save": Report.save,
}


def _kept_for_back(page: str, status: int) -> Response:
    """Not no-store: "Back" must find what was typed. The receipt's page clears it away."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _token() -> str:
    """The form's own mark, by which sending twice is known; a strange one is replaced."""
    given = request.form.get("token", "")
    return given if _TOKEN.fullmatch(given) else secrets.token_hex(16)


def _digest(answers: Answers) -> str:
    return hashlib.sha256(orjson.dumps(dict(answers), option=orjson.OPT_SORT_KEYS)).hexdigest()
