"""Whose request it is, for limits only: the peer, or what our own proxies say about it."""

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any

from flask import current_app, request

UNKNOWN = "unknown"
SETTING = "TRUSTED_PROXIES"


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Any]) -> str:
    """The address a limit counts; an IPv6 address counts as its /64, the least that one customer has.

    X-Forwarded-For is read from the right, only while the address that wrote the entry is trusted.
    """
    if not forwarded_for and _is_plain(peer):
        return peer
    address = _parsed(peer)
    if address is None:
        return UNKNOWN
    for entry in reversed(forwarded_for.split(",")):
        if not any(address in network for network in trusted):
            break
        said = _parsed(entry.strip())
        if said is None:
            break
        address = said
    return _counted(address)


def _is_plain(text: str) -> bool:
    """Whether it is an IPv4 address as it is usually written: counted as it stands, without taking it apart."""
    try:
        socket.inet_pton(socket.AF_INET, text)
    except OSError:
        return False
    return True


def _parsed(text: str) -> Any:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _counted(address: Any) -> str:
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def request_address() -> str:
    """The address of the current request. Never log or store it; limits hash it."""
    environ = request.environ
    forwarded_for = environ.get("HTTP_X_FORWARDED_FOR", "")
    trusted = current_app.config[SETTING] if forwarded_for else ()
    return client_address(environ.get("REMOTE_ADDR", ""), forwarded_for, trusted)
