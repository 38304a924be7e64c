"""What the interface says about itself, and how often it may be asked."""

from tests.integration.intake.front_door import FrontDoor, prepare


def test_categories_come_in_the_language_asked_for(lite):
    english = lite.client.get("/api/v1/categories").get_json()["items"]
    spanish = lite.client.get("/api/v1/categories", headers={"Accept-Language": "es-MX"}).get_json()["items"]
    assert {each["code"] for each in english} >= {"force", "noise", "thanks", "unsure"}
    assert {e["code"]: e["label"] for e in english}["noise"] == "Noise"
    assert {e["code"]: e["label"] for e in spanish}["noise"] == "Ruido"


def test_the_interface_describes_itself(lite):
    document = lite.client.get("/api/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {
        "/api/v1/categories",
        "/api/v1/feedback",
        "/api/v1/feedback/status",
        "/api/v1/feedback/messages",
    }
    body = document["components"]["schemas"]["Feedback"]
    assert body["required"] == ["text"]
    assert set(body["properties"]) == {
        "text", "kind", "category", "language", "location", "occurred_at", "about", "contact",
        "anonymous", "preferred_partner", "partner", "show_publicly", "named_people",
    }  # fmt: skip
    tell = document["paths"]["/api/v1/feedback"]["post"]
    assert "201" in tell["responses"]
    assert any(each["name"] == "Idempotency-Key" for each in tell["parameters"])
    assert document["paths"]["/api/v1/feedback/status"]["get"]["security"] == [{"receipt": []}]


def test_look_ups_are_limited_per_address(databases, tmp_path):
    door = FrontDoor.open(databases.prepared("intake", prepare), tmp_path, limit_track="3/hour")
    receipt = door.tell()["receipt"]
    assert [door.status(receipt).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert int(door.status(receipt).headers["Retry-After"]) > 0
    assert door.write(receipt, "hello").status_code == 429
    door.close()
