"""Which addresses a crawl may connect to, decided where the connection is opened.

A name is resolved, a redirect followed, a decimal address read: whatever the way, the reactor is
asked in the end to connect to one numeric address, and there it is judged. Checking earlier and
connecting later would leave a gap for a name that resolves to something else the second time.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from crawler.errors import AddressRefused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
HostPort = tuple[str, int]

# Not public, and not said so by Python 3.11: 6to4 relays, SRv6 identifiers, documentation,
# site-local, IPv4-compatible, local NAT64.
_ALSO_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.88.99.0/24",
        "5f00::/16",
        "3fff::/20",
        "fec0::/10",
        "::/96",
        "64:ff9b:1::/48",
        "100::/48",
    )
)
_MAPPED = tuple(ipaddress.ip_network(net) for net in ("::ffff:0:0/96", "::ffff:0:0:0/96"))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_LOCAL_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost")


@dataclass(frozen=True, slots=True)
class AllowPrivate:
    """Which addresses that are not public may be connected to: none, all, or exactly these."""

    everything: bool = False
    hosts: frozenset[HostPort] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "AllowPrivate":
        """From 'no', 'yes' or host:port pairs separated by commas. Raises ValueError."""
        if text.lower() in {"", "no", "false", "0"}:
            return cls()
        if text.lower() in {"yes", "true", "1"}:
            return cls(everything=True)
        return cls(hosts=frozenset(_host_port(word) for word in text.replace(",", " ").split()))


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """`allowed`: numeric addresses with their ports, beside what is public."""

    everything: bool = False
    allowed: frozenset[HostPort] = frozenset()
    names: frozenset[HostPort] = field(default=frozenset())

    def permits(self, host: str, port: int) -> bool:
        """Whether a connection to this numeric address is allowed; a name is only by itself."""
        if self.everything or (host, port) in self.names:
            return True
        address = numeric(host)
        if address is None:
            return False
        return is_public(address) or (str(address), port) in self.allowed


async def address_policy(allow: AllowPrivate, proxy: HostPort | None) -> AddressPolicy:
    """The policy of one crawl: names that the operator set are resolved now."""
    trusted = allow.hosts | ({proxy} if proxy is not None else set())
    resolved = [address for each in trusted for address in await _resolve(*each)]
    return AddressPolicy(allow.everything, frozenset(resolved), frozenset(trusted))


def is_public(address: Address) -> bool:
    """Whether the address is one of the public internet, also through what it wraps."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _wrapped(address)
        if inner is not None:
            return is_public(inner)
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in net for net in _ALSO_REFUSED if net.version == address.version)
    )


def numeric(host: str) -> Address | None:
    """The address that a host is in any numeric spelling: 127.1, 0x7f000001, 2130706433, [::1]."""
    bare = host.strip("[]").partition("%")[0].rstrip(".")
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    if not bare or not bare[0].isdigit():
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(bare))
    except OSError:
        return None


def refuse_literal(policy: AddressPolicy, host: str, port: int) -> None:
    """Raise AddressRefused for a URL that names a private address outright.

    The reactor sees such an address too, but not when a proxy connects on our behalf.
    """
    name = host.lower().rstrip(".")
    local = name in _LOCAL_NAMES or name.endswith(".localhost")
    if (local or numeric(host) is not None) and not policy.permits(
        "127.0.0.1" if local and (name, port) not in policy.names else host, port
    ):
        raise AddressRefused(host, port)


@contextmanager
def enforce(reactor: Any, policy: AddressPolicy) -> Iterator[None]:
    """Hold the reactor to the policy while a crawl runs.

    The reactor is one and crawls are many: a connection needs the consent of all of them. Without
    a crawl only public addresses pass.
    """
    _install(reactor)
    _policies.append(policy)
    try:
        yield
    finally:
        _policies.remove(policy)


_policies: list[AddressPolicy] = []
_NONE_ALLOWED = AddressPolicy()


def _install(reactor: Any) -> None:
    """Once a reactor; Scrapy's agents, with and without TLS or a proxy, connect by connectTCP."""
    connect = reactor.connectTCP
    if getattr(connect, "guards_addresses", False):
        return

    def connect_if_permitted(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        if not all(policy.permits(host, port) for policy in _policies or (_NONE_ALLOWED,)):
            raise AddressRefused(host, port)
        return connect(host, port, *args, **kwargs)

    connect_if_permitted.guards_addresses = True  # type: ignore[attr-defined]
    reactor.connectTCP = connect_if_permitted


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if any(address in net for net in _MAPPED) or address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        return address.sixtofour
    # Teredo itself is never public; what it wraps does not matter.
    return None


def _host_port(word: str) -> HostPort:
    host, _, port = word.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise ValueError(f"{word!r} is no host:port pair")
    return host.strip("[]"), int(port)


async def _resolve(host: str, port: int) -> list[HostPort]:
    own = numeric(host)
    if own is not None:
        return [(str(own), port)]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [
        (str(address), port) for each in found if (address := numeric(str(each[4][0]))) is not None
    ]
