"""What clocks have stored, beside what the history proves."""

from sqlalchemy import select

from services.routing.handlers.casework.clocks import Clocks
from services.routing.models import clock_intervals


def runs(world, case_id, clock):
    """The runs of one clock as they are stored, in order."""
    c = clock_intervals.c
    wanted = select(clock_intervals).where(c.case_id == case_id, c.clock == clock).order_by(c.cycle)
    with world.routing.engine.connect() as conn:
        return [dict(row) for row in conn.execute(wanted).mappings()]


def replayed(world, case_id):
    """Every run as it is stored, and as the history proves it."""
    with world.routing.engine.connect() as conn:
        clocks = Clocks(conn, world.routing.office.terms, world.case(case_id))
        return clocks.stored(), clocks.wanted()
