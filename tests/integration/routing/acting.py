"""Acting on cases in tests: who owns one, and commands at a person's desk."""

from services.routing.handlers import commands
from services.routing.queries import case_view


def owner_of(world, staff, case_id):
    return next(actor for actor in staff.values() if actor.id == world.case(case_id)["owner_id"])


def other_than(staff, actor):
    return staff["birch"] if actor.login == "ash" else staff["ash"]


def act(world, actor, command, case_id, *more, expected=None, **named):
    with world.desk(actor) as desk:
        return command(desk, case_id, expected, *more, **named)


def opened(world, actor, case_id):
    with world.desk(actor) as desk:
        return case_view(desk, case_id)


def in_progress(world, staff, **told):
    case_id = world.told(**told)
    owner = owner_of(world, staff, case_id)
    act(world, owner, commands.reply, case_id, "On my way.")
    return case_id, owner


def resolved(world, staff, **told):
    case_id, owner = in_progress(world, staff, **told)
    act(world, owner, commands.change_state, case_id, "resolved", outcome="explained", sentence="It is permitted.")
    return case_id, owner
