"""Reads a kafka:// address without the Kafka client: web processes check it, too, and must never load one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from shared.addresses import LAST_PORT

PROTOCOLS = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")
#: Those that need no more than a name and a password.
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
CREDENTIALS = ("sasl_mechanism", "sasl_username", "sasl_password")
PARAMETERS = ("security_protocol", *CREDENTIALS, "ssl_cafile", "ssl_certfile", "ssl_keyfile")
PREFIX = "topic_prefix"
SERVER = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+)(?::(\d{1,5}))?", re.ASCII)
# What a topic's name may be made of, and room for the rest of the name (Kafka allows 249 characters).
TOPIC_PREFIX = re.compile(r"[A-Za-z0-9._-]{0,150}")


@dataclass(frozen=True, slots=True)
class KafkaAddress:
    """Servers, what else the query says, and the prefix of topics and groups."""

    servers: tuple[str, ...]
    parameters: Mapping[str, str] = field(repr=False)
    prefix: str

    @classmethod
    def parse(cls, url: str) -> "KafkaAddress":
        """`kafka://h1:9092,h2:9092?security_protocol=…`; a ValueError's words complete "the address …"."""
        try:
            parts = urlsplit(url)
        except ValueError:
            raise ValueError("cannot be read as an address") from None
        if "@" in parts.netloc:
            raise ValueError("takes credentials as ?sasl_username=…&sasl_password=…, not before an @")
        if parts.path.strip("/") or parts.fragment:
            raise ValueError("takes nothing after its servers but ?…; write special characters as %XX")
        servers = tuple(server for server in unquote(parts.netloc).split(",") if server)
        _check_servers(servers)
        parameters = _parameters(parts.query)
        prefix = parameters.pop(PREFIX, "")
        if not TOPIC_PREFIX.fullmatch(prefix):
            raise ValueError(f"must have a {PREFIX} of letters, digits, dots, dashes and underscores")
        return cls(servers, parameters, prefix)


def _check_servers(servers: tuple[str, ...]) -> None:
    if not servers:
        raise ValueError("must name its servers: kafka://host:9092,host:9092")
    for server in servers:
        found = SERVER.fullmatch(server)
        if found is None or not 0 < int(found[1] or LAST_PORT) <= LAST_PORT:
            raise ValueError(f"must name each server as host:port, with a port from 1 to {LAST_PORT}")


def _parameters(query: str) -> dict[str, str]:
    try:
        given = parse_qsl(query, strict_parsing=True, errors="strict") if query else []
    except ValueError:
        raise ValueError("must have name=value in every part of its query, special characters as %XX") from None
    found = dict(given)
    # Unknown names are not repeated: they may be the rest of a password with an & in it.
    if found.keys() - {*PARAMETERS, PREFIX} or len(found) < len(given):
        raise ValueError(f"takes only {', '.join(PARAMETERS)} and {PREFIX}, each once")
    _check_security(found)
    return found


def _check_security(given: Mapping[str, str]) -> None:
    protocol = given.get("security_protocol", PROTOCOLS[0])
    if protocol not in PROTOCOLS:
        raise ValueError(f"must have a security_protocol that is one of {', '.join(PROTOCOLS)}")
    if "sasl_mechanism" in given and given["sasl_mechanism"] not in MECHANISMS:
        raise ValueError(f"must have a sasl_mechanism that is one of {', '.join(MECHANISMS)}")
    missing = [name for name in CREDENTIALS if name not in given]
    if protocol.startswith("SASL") and missing:
        raise ValueError(f"needs {', '.join(missing)} with this security_protocol")
