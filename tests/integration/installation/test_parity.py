"""What docker-compose.yml describes, started here: the journey of a concern through the proxy, and three kills."""

import json
import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest
import requests
from twilio.request_validator import RequestValidator

from tests.installation import PROCESSES, Installation
from tests.installation.provider import ACCOUNT, NUMBER, TOKEN, ProviderProcess
from tests.installation.proxy import Proxy
from tests.installation.staff import add_staff, staff_token
from tests.servers.fixtures import or_skip
from tests.servers.processes import wait_until
from tests.servers.search import local_kafka, local_postgres

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.postgres,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("installation"),
]
SOON_S = 30


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """A broker and a PostgreSQL of this module's own: names are production's, and processes are killed."""
    with tempfile.TemporaryDirectory(prefix="commonground-parity-") as name:
        directory = Path(name)
        directory.chmod(0o755)
        kafka = or_skip(lambda: local_kafka(directory / "kafka"))
        postgres = or_skip(lambda: local_postgres(directory / "postgres"))
        try:
            kafka.start()
            postgres.start()
            yield directory, kafka, postgres
        finally:
            kafka.stop()
            postgres.stop()


@pytest.fixture(scope="module")
def journey(servers):
    """All six processes and the proxy, ready; with staff and the provider."""
    directory, kafka, postgres = servers
    if Proxy.missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("nginx is missing")
    provider = ProviderProcess(directory)
    installation = Installation(
        directory, bus_url=kafka.url, postgres_url=postgres.url, variables=provider.variables
    )
    provider.start(installation.url, installation.url)
    try:
        installation.prepare()
        logins = add_staff(installation)
        installation.start()
        installation.proxy.start()
        yield Journey(installation, provider, staff_token(installation, logins["oversight"]))
    finally:
        installation.stop()
        provider.stop()


class Journey:
    """What a resident and a liaison do, all of it through the proxy."""

    def __init__(self, installation, provider, token):
        self.installation = installation
        self.provider = provider
        self.base = installation.url
        self.staff = {"Authorization": f"Bearer {token}"}

    def tells(self, **body):
        answer = requests.post(f"{self.base}/api/v1/feedback", json=body, timeout=15)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return told["id"], {"Authorization": f"Bearer {told['receipt']}"}

    def texts(self, sid, sender, body):
        form = {
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": sender,
            "To": NUMBER,
            "Body": body,
            "NumMedia": "0",
        }
        url = f"{self.base}/webhooks/twilio/sms"
        headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(url, form)}
        answer = requests.post(url, data=form, headers=headers, timeout=15)
        assert answer.status_code == 200, answer.text

    def status(self, receipt):
        answer = requests.get(f"{self.base}/api/v1/feedback/status", headers=receipt, timeout=15)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def writes(self, receipt, text):
        url = f"{self.base}/api/v1/feedback/messages"
        assert requests.post(url, json={"text": text}, headers=receipt, timeout=15).status_code == 201

    def case(self, case_id):
        answer = requests.get(f"{self.base}/api/staff/v1/cases/{case_id}", headers=self.staff, timeout=15)
        return answer.json() if answer.ok else None

    def cases(self):
        url = f"{self.base}/api/staff/v1/cases"
        return requests.get(url, params={"box": "all"}, headers=self.staff, timeout=15).json()["items"]

    def does(self, case_id, what, **body):
        """A command on the newest state of the case."""
        headers = self.staff | {"If-Match": f'"{self.case(case_id)["sequence"]}"'}
        url = f"{self.base}/api/staff/v1/cases/{case_id}/{what}"
        answer = requests.post(url, json=body, headers=headers, timeout=15)
        assert answer.ok, answer.text


def soon(condition, what):
    wait_until(condition, SOON_S, what)


def says(status):
    return [(message["from"], message["text"]) for message in status["messages"]]


def test_the_journey_through_production(journey):
    phone = "+12155550123"
    case_id, receipt = journey.tells(
        text="The light at the bus stop is out.",
        category="safety",
        location={"district": "22"},
        contact={"phone": phone, "by": "sms"},
    )
    soon(lambda: journey.case(case_id), "the case")
    assert journey.case(case_id)["owner"]
    soon(lambda: len(journey.provider.texts_to(phone)) == 1, "the acknowledgement")

    journey.does(case_id, "replies", text="A lamp is ordered for Friday.")
    soon(lambda: ("us", "A lamp is ordered for Friday.") in says(journey.status(receipt)), "the answer at /track")
    soon(lambda: len(journey.provider.texts_to(phone)) == 2, "the answer by text")
    journey.does(case_id, "state", state="resolved", outcome="action_taken", sentence="The lamp was replaced.")
    soon(lambda: journey.status(receipt)["state"] == "answered", "the resolution at /track")

    journey.writes(receipt, "It is out again.")
    soon(lambda: journey.case(case_id)["state"] == "in_progress", "the case to wake")

    journey.texts("SM" + "1" * 32, "+12155550124", "There is shouting every night on Pier Street")
    soon(lambda: len(journey.provider.texts_to("+12155550124")) == 1, "the acknowledgement of a text")
    journey.texts("SM" + "2" * 32, "+12155550124", "STOP")
    soon(lambda: json.loads(journey.installation.command("reconcile", "--json"))["agrees"], "the counts to agree")


def test_nothing_is_lost_or_doubled_by_three_kills(journey):
    told = []
    for number, name in enumerate(("intake-worker", "routing-worker", "notifications-worker")):
        told += [
            journey.tells(
                text=f"Concern {number}-{part}",
                category="noise",
                location={"district": "9"},
                contact={"phone": f"+1215555{1000 + 100 * number + part}", "by": "sms"},
            )
            for part in range(10)
        ]
        journey.installation.kill(name)
        journey.installation.launch(name)
    journey.installation.kill("routing-web")
    journey.installation.launch("routing-web")
    journey.installation.await_ready("routing-web")
    numbers = [f"+1215555{1000 + 100 * number + part}" for number in range(3) for part in range(10)]
    ours = {case_id for case_id, _ in told}
    soon(lambda: ours <= {case["id"] for case in journey.cases()}, "thirty cases")
    soon(lambda: sum(len(journey.provider.texts_to(n)) for n in numbers) >= 29, "the acknowledgements")
    assert max(Counter(len(journey.provider.texts_to(n)) for n in numbers)) == 1
    for _, receipt in told:
        assert journey.status(receipt)["state"] == "with_a_person"


def test_operators_paths_stay_inside(journey):
    for path in ("/healthz", "/readyz", "/metrics"):
        assert requests.get(journey.base + path, timeout=15).status_code == 404
        for name in PROCESSES:
            assert (
                requests.get(f"http://127.0.0.1:{journey.installation.ports[name]}{path}", timeout=15).status_code
                == 200
            )


def test_the_map_of_paths_is_the_same_as_embedded(journey):
    """Each path ends at the service that owns it: its own page or its own refusal, never the proxy's 404."""
    expected = {"/": 200, "/report": 200, "/track": 200, "/api/v1/categories": 200, "/api/openapi.json": 200,
                "/api/staff/openapi.json": 200, "/account/sign-in": 200, "/webhooks/twilio/status": 405,
                "/webhooks/twilio/sms": 405}  # fmt: skip
    for path, status in expected.items():
        assert requests.get(journey.base + path, timeout=15).status_code == status, path
    for path in ("/console/", "/supervisor/", "/admin/"):
        answer = requests.get(journey.base + path, timeout=15, allow_redirects=False)
        assert (answer.status_code, "/account/sign-in" in answer.headers["Location"]) == (303, True), path
