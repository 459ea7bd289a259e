"""Direction of lines, read as a client reads it (UAX #9, rules P2 and P3)."""

import unicodedata

_ISOLATES = "\u2066\u2067\u2068"
_PDI = "\u2069"


def first_strong(line: str) -> str:
    """'L', 'R' or '' for the first strong letter outside isolates."""
    depth = 0
    for character in line:
        if character in _ISOLATES:
            depth += 1
        elif character == _PDI:
            depth = max(depth - 1, 0)
        elif depth == 0 and (kind := unicodedata.bidirectional(character)) in ("L", "R", "AL"):
            return "L" if kind == "L" else "R"
    return ""


def isolates_are_closed(line: str) -> bool:
    depth = 0
    for character in line:
        depth += (character in _ISOLATES) - (character == _PDI)
        if depth < 0:
            return False
    return depth == 0
