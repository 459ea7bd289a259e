"""Which links Telegram accepts, and how it spells them (TDLib, LinkManager::check_link)."""

import re
from ipaddress import AddressValueError, IPv6Address

_USER = re.compile(r"tg:(?://)?user/?\?(?:.*&)?id=(\d+)(?:[&#].*)?", re.IGNORECASE)
_PARTS = re.compile(r"(?:(?P<scheme>[^/?#:]*)://)?(?P<host>[^/?#]*)(?P<rest>.*)", re.DOTALL)
_HOST = re.compile(r"[^\s\x00-\x20\[\]<>\"'\\^`{|}%,:@]+")
_OWN_SCHEMES = ("tg", "ton", "tonsite")


class LinkError(ValueError):
    """The message is the end of Telegram's error text."""


def mentioned_user(url: str) -> int | None:
    """tg://user?id=12 -> 12."""
    found = _USER.fullmatch(url)
    return int(found[1]) if found and 0 < int(found[1]) < 1 << 52 else None


def checked_link(url: str) -> str | None:
    """The link as Telegram keeps it; None: it drops the link and keeps the words."""
    try:
        return check_link(url)
    except LinkError:
        return None


def check_link(url: str) -> str:
    """The link as Telegram keeps it. Raises LinkError."""
    found = _PARTS.fullmatch(url)
    assert found is not None
    scheme = (found["scheme"] or "http").lower()
    if scheme in _OWN_SCHEMES:
        return f"{scheme}://{found['host']}{found['rest']}"
    if scheme not in ("http", "https"):
        raise LinkError("Unsupported URL protocol")
    user, _, address = found["host"].rpartition("@")
    host, port = _host_and_port(address)
    path = re.sub(r"[\x00-\x20]", lambda char: f"%{ord(char[0]):02X}", found["rest"].rstrip())
    if not path.startswith("/"):
        path = "/" + path
    return f"{scheme}://{user + '@' if user else ''}{host}{port}{path}"


def _host_and_port(address: str) -> tuple[str, str]:
    host, colon, port = address.rpartition(":")
    if not colon or "]" in port:
        host, port = address, ""
    if port and not (port.isdecimal() and 0 < int(port) < 65_536):
        raise LinkError("Wrong port number specified in the URL")
    if not host:
        raise LinkError("URL host is empty")
    if host.startswith("["):
        return _ipv6(host), f":{port}" if port else ""
    if not _HOST.fullmatch(host) or "." not in host:
        raise LinkError("Wrong HTTP URL")
    return host.lower(), f":{port}" if port else ""


def _ipv6(host: str) -> str:
    try:
        IPv6Address(host[1:-1])
    except AddressValueError as error:
        raise LinkError("Wrong IPv6 address specified in the URL") from error
    return host.lower()
