"""Whether a site can be read at all: it lets programs in, and its ways of publishing work."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A site that refuses programs: since when and why, in a sentence.

    `refusals` in a row; its own ways are asked again at `again_at`. `fallback`: the address that
    was read instead at the last look, if any.
    """

    since: datetime
    reason: str
    refusals: int
    again_at: datetime
    fallback: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How the last try of a site's ways went.

    `passed`: by a way of its own, articles were listed and read. `how`: what was found, or why it
    is of no use, as a clause. `ways`: the addresses that its file named then; with others the site
    is to be tried again. `blocked`: it refused.
    """

    tried_at: datetime
    passed: bool
    how: str
    ways: tuple[str, ...]
    blocked: bool = False
