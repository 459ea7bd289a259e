"""Which addresses may be connected to."""

import ipaddress
from typing import Any

import pytest

from crawler.errors import AddressRefused
from crawler.guard import (
    AddressPolicy,
    AllowPrivate,
    address_policy,
    enforce,
    is_public,
    numeric,
    refuse_literal,
)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
        "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
        "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1",
        "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::",
        "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_the_public_internet_is_known(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "185.70.41.35", "2a00:1450:4001:80b::200e",
     "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)  # fmt: skip
def test_an_address_of_the_public_internet_is_known(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
             "127.0.0.1."],
)  # fmt: skip
def test_an_address_is_read_in_every_spelling(host: str) -> None:
    assert numeric(host) == ipaddress.IPv4Address("127.0.0.1")


@pytest.mark.parametrize("host", ["example.org", "1e100.net", "", "10.example.org"])
def test_a_name_is_no_address(host: str) -> None:
    assert numeric(host) is None


async def test_only_the_hosts_and_ports_that_are_allowed_are_allowed() -> None:
    policy = await address_policy(
        AllowPrivate(hosts=frozenset({("127.0.0.1", 8001), ("localhost", 8002)})), None
    )

    assert policy.permits("127.0.0.1", 8001)
    assert policy.permits("127.0.0.1", 8002)
    assert not policy.permits("127.0.0.1", 8003)
    assert not policy.permits("127.0.0.2", 8001)
    assert policy.permits("8.8.8.8", 443)


async def test_the_operators_proxy_is_allowed_at_its_own_port() -> None:
    policy = await address_policy(AllowPrivate(), ("127.0.0.1", 3128))

    assert policy.permits("127.0.0.1", 3128)
    assert not policy.permits("127.0.0.1", 80)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "127.1", "[::1]"])
def test_a_url_that_names_a_private_address_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        refuse_literal(AddressPolicy(), host, 80)


def test_a_url_with_a_name_is_judged_when_it_is_resolved() -> None:
    refuse_literal(AddressPolicy(), "example.org", 80)


class Reactor:
    """Notes what it is asked to connect to."""

    def __init__(self) -> None:
        self.connected: list[tuple[str, int]] = []

    def connectTCP(self, host: str, port: int, factory: object) -> None:
        self.connected.append((host, port))


def test_a_connection_needs_the_consent_of_every_crawl() -> None:
    reactor: Any = Reactor()
    allowing = AddressPolicy(allowed=frozenset({("127.0.0.1", 8001)}))

    with enforce(reactor, allowing):
        reactor.connectTCP("127.0.0.1", 8001, None)
        with enforce(reactor, AddressPolicy()), pytest.raises(AddressRefused):
            reactor.connectTCP("127.0.0.1", 8001, None)
    with pytest.raises(AddressRefused):
        reactor.connectTCP("127.0.0.1", 8001, None)
    reactor.connectTCP("8.8.8.8", 443, None)

    assert reactor.connected == [("127.0.0.1", 8001), ("8.8.8.8", 443)]


def test_the_guard_is_installed_once() -> None:
    reactor: Any = Reactor()

    with enforce(reactor, AddressPolicy()):
        first = reactor.connectTCP
    with enforce(reactor, AddressPolicy()):
        assert reactor.connectTCP is first
