"""All checks in their order. One that cannot be made is itself a finding; the others go on."""

from collections.abc import Callable, Iterator, Mapping

from commonground.doctor import configuration, keys, machine, staff, stores
from commonground.doctor.finding import Finding, wrong
from commonground.failures import in_words

Check = Callable[[Mapping[str, str]], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    configuration.settings,
    configuration.city,
    configuration.address,
    configuration.provider,
    stores.databases,
    stores.clocks,
    stores.event_log,
    staff.administrators,
    staff.queue_owners,
    keys.sealing,
    machine.disk,
    machine.secrecy,
    machine.processes,
)


def examine(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Every finding, as soon as it is there."""
    told: set[str] = set()
    for check in CHECKS:
        try:
            for finding in check(environ):
                told.add(finding.words)
                yield finding
        except Exception as error:  # noqa: BLE001 - whatever keeps a check from being made is worth a line
            words = in_words(error) or f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
            # One missing setting would otherwise be told again by every check that needs it.
            if words not in told:
                yield wrong(check.__name__.replace("_", " "), words.replace("\n", " "), "mend this first")
