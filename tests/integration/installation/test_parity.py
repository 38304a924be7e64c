"""What docker-compose.yml describes, started here: the journey of a concern through the proxy, and three kills."""

import json
from collections import Counter

import pytest
import requests

from tests.installation import PROCESSES
from tests.installation.journey import says, soon

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.postgres,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("installation"),
]


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
