"""People: somebody can administer, and somebody answers for each queue."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from commonground.databases import opened
from commonground.doctor.finding import Finding, ok, wrong
from services.routing.handlers.people import list_people
from services.routing.models import people, queues
from shared import cities, config


def administrators(environ: Mapping[str, str]) -> Iterator[Finding]:
    """There is one."""
    with opened("routing", environ) as engine, engine.connect().execution_options(read_only=True) as conn:
        active = [person for person in list_people(conn) if person.active]
    if any(person.role == "administrator" for person in active):
        yield ok("staff", f"{len(active)} active people")
    else:
        todo = "commonground user add LOGIN --name NAME --role administrator"
        yield wrong("staff", "there is no active administrator", todo)


def queue_owners(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Each queue of the city pack has an active owner; best the one the pack names."""
    pack = cities.load(config.one("city", environ=environ))
    wanted = select(queues.c.code, people.c.login, people.c.active).join_from(
        queues, people, queues.c.owner_id == people.c.id, isouter=True
    )
    with opened("routing", environ) as engine, engine.connect().execution_options(read_only=True) as conn:
        owners = {row.code: row.login if row.active else None for row in conn.execute(wanted)}
    for code, queue in pack.queues.items():
        owner = owners.get(code)
        if owner is None:
            todo = f"add or enable {queue.owner}: commonground user add {queue.owner} …"
            yield wrong(f"queue {code}", "nobody active answers for it", todo)
        else:
            yield ok(f"queue {code}", f"{owner} answers for it")
