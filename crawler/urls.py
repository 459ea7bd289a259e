"""Addresses: cleaned for fetching, and folded to the key that tells whether two are one."""

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit, urlunsplit

from w3lib.url import safe_url_string

_SEGMENT_SAFE = "!$&'()*+,;=:@-._~"
_QUERY_SAFE = "!$'()*,;:@/?-._~"
_TRACKERS = re.compile(
    r"(?:utm_|at_|mc_|pk_|hsa_|_hs|fb_|itm_|mtm_|oly_|vero_)\w*"
    r"|(?:dc|fbc|gc|twc|yc|ysc)lid|msclkid|[gw]braid|igsh(?:id)?|mkt_tok|ref_src|cmpid|xtor|wt_mc"
    r"|ncid|spm",
    re.IGNORECASE,
)
# Some say by these from where a reader comes ('?ref=home'), others which article it is
# ('?source=1207'): a word is the one, whatever has a digit the other.
_WHENCE = re.compile(r"ref|referr?er|source|medium|campaign", re.IGNORECASE)
_WORD = re.compile(r"[a-z_.-]*", re.IGNORECASE)
_AMP_SEGMENTS = frozenset({"amp", "amp.html"})
_AMP_PARAMETERS = frozenset({"amp", "amp=", "amp=1", "outputtype=amp"})
_DEFAULT_PORTS = {"http": 80, "https": 443}


def clean_url(url: str) -> str:
    """The address as it is fetched and shown: no fragment, no tracking parameters, ASCII only.

    A parameter goes only where it is certain to track: one that names the article and is taken for
    a tracker makes all articles of its site one.

    Raises ValueError for anything but http and https, and for what is no address at all.
    """
    url = url.strip().replace("&amp;", "&")
    parts = urlsplit(url)
    if parts.scheme.lower() not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an http or https address: {url[:200]!r}")
    _ = parts.port  # raises ValueError for a port that is no number
    return _normal(safe_url_string(url, "utf-8"), scheme=parts.scheme.lower())


def url_key(url: str) -> str:
    """The identity of an address: two spellings of one address have one key.

    The same for http and https, with and without 'www.', a trailing slash or '/amp', raw or
    percent-encoded, with its parameters in any order. Raises ValueError as clean_url does.
    """
    parts = urlsplit(clean_url(url))
    host = parts.netloc.removeprefix("www.")
    segments = [segment for segment in parts.path.split("/") if segment]
    if segments and segments[-1].lower() in _AMP_SEGMENTS:
        segments.pop()
    parameters = sorted(
        parameter
        for parameter in parts.query.split("&")
        if parameter and parameter.lower() not in _AMP_PARAMETERS
    )
    return urlunsplit(("https", host, "/" + "/".join(segments), "&".join(parameters), ""))


def same_site(url: str, other: str) -> bool:
    """Whether one host is the other, or a part of it: www.example.net and example.net."""
    host, other_host = (
        (urlsplit(each).hostname or "").removeprefix("www.") for each in (url, other)
    )
    return host == other_host or host.endswith("." + other_host) or other_host.endswith("." + host)


def is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path.strip("/") in {"", "index.html", "index.php"} and not parts.query


def _normal(url: str, *, scheme: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(
        (scheme, _host(parts.hostname or "", parts.port, scheme), _path(parts.path) or "/",
         _query(parts.query), "")
    )  # fmt: skip


def _host(host: str, port: int | None, scheme: str) -> str:
    if ":" in host:
        host = f"[{host}]"
    return host if port in {None, _DEFAULT_PORTS[scheme]} else f"{host}:{port}"


def _path(path: str) -> str:
    """Byte for byte the same path, each byte in its one spelling ('%d8' and 'ا' alike)."""
    return "/".join(
        quote_from_bytes(unquote_to_bytes(segment), safe=_SEGMENT_SAFE)
        for segment in path.split("/")
    )


def _query(query: str) -> str:
    kept = (parameter for parameter in query.split("&") if parameter and not _is_tracker(parameter))
    return "&".join(_parameter(parameter) for parameter in kept)


def _is_tracker(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    if _TRACKERS.fullmatch(name):
        return True
    return bool(_WHENCE.fullmatch(name) and _WORD.fullmatch(value))


def _parameter(parameter: str) -> str:
    name, equals, value = parameter.partition("=")
    return _quoted(name) + equals + _quoted(value)


def _quoted(text: str) -> str:
    return quote_from_bytes(unquote_to_bytes(text.replace("+", " ")), safe=_QUERY_SAFE)
