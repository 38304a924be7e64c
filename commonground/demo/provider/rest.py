"""Twilio's REST interface for texts, as a WSGI application.

https://www.twilio.com/docs/messaging/api/message-resource
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from commonground.demo.provider.account import Account
from commonground.demo.provider.faults import Fault, break_off
from commonground.demo.provider.ledger import OUT, Ledger, Text, new_sid, now
from commonground.demo.provider.webhooks import Webhooks
from services.notifications.domain.segments import segments

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

ROUTES = Map(
    [
        Rule("/2010-04-01/Accounts/<account>/Messages.json", endpoint="create", methods=["POST"]),
        Rule("/2010-04-01/Accounts/<account>/Messages.json", endpoint="list", methods=["GET"]),
        Rule("/2010-04-01/Accounts/<account>/Messages/<sid>.json", endpoint="fetch", methods=["GET"]),
    ]
)
E164 = re.compile(r"\+[1-9]\d{6,14}")
TEXT_LIMIT = 1600


class Refused(Exception):
    """A definite no."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Provider:
    """The application. With `obeys_opt_outs` it refuses (21610) those who texted STOP, as carriers do.

    Tests leave that off, so that a text that should never have been asked for shows in the ledger.
    """

    def __init__(self, account: Account, ledger: Ledger, webhooks: Webhooks, *, obeys_opt_outs: bool) -> None:
        self._account = account
        self._ledger = ledger
        self._webhooks = webhooks
        self._obeys_opt_outs = obeys_opt_outs

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """One request."""
        request = Request(environ)
        try:
            answer = self._answer(request)
        except Refused as no:
            answer = _error(no.status, no.code, str(no))
        except HTTPException as error:
            answer = _error(error.code or 500, 20404, error.name)
        return answer(environ, start_response)

    def _answer(self, request: Request) -> Response:
        endpoint, values = ROUTES.bind_to_environ(request.environ).match()
        given = request.authorization
        if not given or not self._account.admits(given.username, given.password):
            raise Refused(401, 20003, "Authenticate")
        if values["account"] != self._account.sid:
            raise NotFound
        actions: dict[str, Callable[[Request, str], Response]] = {
            "create": self._create,
            "list": self._list,
            "fetch": self._fetch,
        }
        return actions[endpoint](request, values.get("sid", ""))

    def _create(self, request: Request, _sid: str) -> Response:
        to = request.form.get("To", "")
        fault = self._ledger.next_fault(to)
        try:
            answer = self._taken(request, to) if fault is None else self._failing(request, to, fault)
        except Refused as no:
            self._ledger.note_call(to, f"refused {no.code}")
            raise
        return answer

    def _failing(self, request: Request, to: str, fault: Fault) -> Response:
        if fault.kind == "refuse":
            raise Refused(fault.status, fault.code or 20001, "Refused as told")
        if fault.kind == "delay":
            fault.wait()
            return self._taken(request, to)
        taken = self._taken(request, to) if fault.accepts else None
        self._ledger.note_call(to, fault.kind)
        if fault.kind == "reset":
            break_off(request.environ)
        fault.wait()
        if fault.kind == "garble":
            return Response("{ not JSON", 201)
        failed = _error(fault.status, fault.code or 20500, "Failed as told")
        return (taken or failed) if fault.kind == "hang" else failed

    def _taken(self, request: Request, to: str) -> Response:
        form = request.form
        self._check(form.get("From") or form.get("MessagingServiceSid"), to, form.get("Body", ""))
        text = Text(
            sid=new_sid(),
            direction=OUT,
            sender=form.get("From") or self._account.number,
            recipient=to,
            body=form["Body"],
            status="queued",
            error_code=None,
            callback=form.get("StatusCallback", ""),
            at=now(),
        )
        self._ledger.write_down(text)
        self._ledger.note_call(to, "accepted")
        self._webhooks.report(text)
        return _json(self._document(text), 201)

    def _check(self, sender: str | None, to: str, body: str) -> None:
        if not E164.fullmatch(to):
            raise Refused(400, 21211, f"The 'To' number {to} is not a valid phone number.")
        if not sender:
            raise Refused(400, 21603, "A 'From' phone number is required.")
        if not body:
            raise Refused(400, 21602, "Message body is required.")
        if len(body) > TEXT_LIMIT:
            raise Refused(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        if self._obeys_opt_outs and self._ledger.is_out(to):
            raise Refused(400, 21610, "Attempt to send to unsubscribed recipient")

    def _list(self, request: Request, _sid: str) -> Response:
        wanted = request.args
        texts = [text for text in self._ledger.texts(wanted.get("To") or wanted.get("From")) if _fits(text, wanted)]
        newest_first = [self._document(text) for text in reversed(texts)][: int(wanted.get("PageSize", 50))]
        page = {"page": 0, "page_size": len(newest_first), "next_page_uri": None, "previous_page_uri": None}
        return _json({"messages": newest_first, **page}, 200)

    def _fetch(self, _request: Request, sid: str) -> Response:
        text = self._ledger.text(sid)
        if text is None:
            raise NotFound
        return _json(self._document(text), 200)

    def _document(self, text: Text) -> dict[str, object]:
        at = format_datetime(datetime.fromisoformat(text.at))
        path = f"/2010-04-01/Accounts/{self._account.sid}/Messages/{text.sid}"
        return {
            "sid": text.sid,
            "account_sid": self._account.sid,
            "messaging_service_sid": None,
            "from": text.sender,
            "to": text.recipient,
            "body": text.body,
            "status": "received" if text.direction == "inbound" else text.status,
            "direction": text.direction,
            "num_segments": str(segments(text.body).count),
            "num_media": "0",
            "error_code": text.error_code,
            "error_message": None,
            "price": None,
            "price_unit": "USD",
            "api_version": "2010-04-01",
            "date_created": at,
            "date_sent": at,
            "date_updated": at,
            "uri": f"{path}.json",
            "subresource_uris": {"media": f"{path}/Media.json"},
        }


def _fits(text: Text, wanted: Mapping[str, str]) -> bool:
    """Whether a text is asked for by To, From and DateSent, DateSent> and DateSent< (days, UTC)."""
    get = wanted.get
    day = text.at[:10]
    return (
        text.recipient == (get("To") or text.recipient)
        and text.sender == (get("From") or text.sender)
        and day == (get("DateSent") or day)[:10]
        and (get("DateSent>") or day)[:10] <= day <= (get("DateSent<") or day)[:10]
    )


def _json(document: dict[str, object], status: int) -> Response:
    return Response(json.dumps(document), status, content_type="application/json")


def _error(status: int, code: int, message: str) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return _json({"code": code, "message": message, "more_info": more, "status": status}, status)
