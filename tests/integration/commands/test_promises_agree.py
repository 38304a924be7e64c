"""What intake promises when it takes a concern in is what routing holds its people to."""

import pytest
from sqlalchemy import select

from services.intake.web.pages.standing import answer_by, promise
from services.routing.models import cases
from tests.integration.commands.town import Town


@pytest.mark.parametrize("category", ["noise", "safety", "force", "thanks", "unsure"])
def test_the_moment_on_the_receipt_is_the_moment_of_the_case(small_town: Town, category: str) -> None:
    receipt = small_town.tell(category=category)
    house = small_town.house
    told = house.conversations.read(receipt)
    promised = answer_by(house.city, told, told.received_at)
    small_town.relay()
    small_town.consume("routing")
    with small_town.engines["routing"].connect() as conn:
        case = conn.execute(select(cases)).one()
    assert case.first_response_due_at == promised == case.response_due_at
    small_town.relay("routing")
    small_town.consume("intake")
    assert promise(house, house.conversations.read(receipt)) == promised
