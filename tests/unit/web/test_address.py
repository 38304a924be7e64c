"""Limits count the peer, or whom our own proxies name; nobody else is believed."""

from ipaddress import ip_network

import pytest

from shared.web.address import client_address

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "192.0.2.9, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "198.51.100.1, 10.1.1.1", "198.51.100.1"),
        ("10.0.0.2", "nonsense", "10.0.0.2"),
        ("10.0.0.2", "198.51.100.1, nonsense, 10.1.1.1", "10.1.1.1"),
        ("10.0.0.2", "10.0.0.3", "10.0.0.3"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("fd00::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("::ffff:10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", "unknown"),
        ("unix", "", "unknown"),
    ],
)
def test_whose_request_it_is(peer, forwarded, expected):
    assert client_address(peer, forwarded, TRUSTED) == expected


def test_without_trusted_proxies_the_header_is_nothing():
    assert client_address("127.0.0.1", "198.51.100.1", ()) == "127.0.0.1"
