"""What an acknowledgement promises is still to come when it is read, however long it lay about."""


def test_an_acknowledgement_of_yesterday_is_not_sent(stage, resident, phone_company):
    stage.hear(resident.wrote(), resident.opened(), resident.answered())
    stage.clock.forward(hours=25)
    stage.sender().drain()
    assert stage.states == ["suppressed", "accepted"]
    assert [row.failure for row in stage.rows() if row.state == "suppressed"] == ["out_of_date"]
