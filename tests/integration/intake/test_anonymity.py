"""Anonymous means that nothing points to anybody: not in the database, not on the bus, not in the log."""

import logging

import pytest

from shared.sealing import CannotUnseal, Keyring

ADDRESS = "198.51.100.77"
AGENT = "CanaryBrowser/7.7 (RareDevice)"
REFERER = "https://home.example/robin"


def everything(door):
    return repr([door.rows(table) for table in door.counts()])


def test_no_address_device_or_agent_is_kept_anywhere(door, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    headers = {"User-Agent": AGENT, "Referer": REFERER, "X-Forwarded-For": ADDRESS, "Accept-Language": "en"}
    environ = {"REMOTE_ADDR": ADDRESS}
    response = door.client.post(
        "/api/v1/feedback",
        json={"text": "The lamp is dark", "anonymous": True, "location": {"address": "Canary Lane 7"}},
        headers=headers,
        environ_base=environ,
    )
    assert response.status_code == 201
    receipt = response.get_json()["receipt"]
    door.client.get(
        "/api/v1/feedback/status", headers={**headers, "Authorization": f"Bearer {receipt}"}, environ_base=environ
    )
    told = everything(door) + caplog.text + "".join(capsys.readouterr())
    for canary in (ADDRESS, "CanaryBrowser", "RareDevice", "home.example", "Canary Lane", "lamp is dark", receipt):
        assert canary not in told
    [event] = door.events()
    assert event["data"]["anonymous"] is True
    assert event["data"]["contact_by"] == "none"
    assert door.opened(event)["contact"] is None


def test_what_is_written_and_said_is_noise_without_the_keys(door):
    answer = door.tell(
        "A canary sentence",
        contact={"name": "Canary Person", "phone": "+12155550123", "email": "canary@example.org"},
        named_people=[{"name": "Officer Canary", "badge": "77"}],
    )
    door.write(answer["receipt"], "Another canary")
    door.text("Canary by text", sender="+12155550177")
    told = everything(door).lower()
    assert "canary" not in told
    assert "5550123" not in told
    assert "5550177" not in told


def test_another_installation_s_keys_open_nothing(door):
    door.tell()
    [row] = door.rows("submissions")
    with pytest.raises(CannotUnseal):
        Keyring([b"x" * 32]).open_key(row["key"])
