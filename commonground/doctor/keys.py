"""Sealing keys: they open what is stored."""

from collections.abc import Iterator, Mapping

from sqlalchemy import Column, select

from commonground.databases import opened, tables_of
from commonground.doctor.finding import Finding, note, ok, wrong
from shared import config
from shared.sealing import CannotUnseal, Keyring

#: Where each service keeps wrapped keys.
KEPT = {
    "intake": ("submissions", "key"),
    "routing": ("cases", "key_wrapped"),
    "notifications": ("recipients", "key"),
}
SAMPLE = 200


def sealing(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Keys of the newest and the oldest items of each service can be opened."""
    keyring = Keyring(config.one("sealing_keys", environ=environ))
    for service, (table, column) in KEPT.items():
        wrapped = _sample(service, environ, table, column)
        shut = sum(not _opens(keyring, key) for key in wrapped)
        old = sum(not keyring.is_current(key) for key in wrapped)
        about = f"{service} sealing"
        if shut:
            words = f"{shut} of {len(wrapped)} items looked at cannot be opened"
            yield wrong(about, words, "put the key they were sealed with back into SEALING_KEYS, after the newest")
        elif old:
            yield note(
                about, f"{old} of {len(wrapped)} items looked at need an older key", "keep it in SEALING_KEYS"
            )
        else:
            yield ok(about, f"{len(wrapped)} items looked at can be opened")


def _opens(keyring: Keyring, wrapped: bytes) -> bool:
    try:
        keyring.open_key(wrapped)
    except CannotUnseal:
        return False
    return True


def _sample(service: str, environ: Mapping[str, str], table: str, column: str) -> list[bytes]:
    rows = tables_of(service).tables[table]
    key: Column[bytes] = rows.c[column]
    there = select(key).where(key.is_not(None)).limit(SAMPLE)
    with opened(service, environ) as engine, engine.connect().execution_options(read_only=True) as conn:
        newest = conn.scalars(there.order_by(rows.c.id.desc())).all()
        oldest = conn.scalars(there.order_by(rows.c.id)).all()
    return list({*newest, *oldest})
