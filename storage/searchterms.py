"""What is asked of the index, and a query as each database reads it; pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from storage.searchindex import site_token
from storage.searchquery import Phrase, Query

# With more, the forms of their first words cost the index more than they spare comparisons.
_MANY_PHRASES = 5
_LIKE_A_SITE = re.compile(r"s(?:[0-9a-f]{2})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The answers number `offset` to `offset + limit` of a query, newest first, from the position
    `since` on; with `topics` only articles that one of these matched. `bounded`: by the work that
    storage.searchsqlite and storage.searchpostgresql spend on a search."""

    query: Query
    since: int
    limit: int
    offset: int = 0
    topics: Sequence[str] | None = None
    bounded: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """Positions, newest first. Not `whole`: the work was cut short, and there may be older ones."""

    positions: list[int]
    whole: bool = True


def fts_query(query: Query) -> str:
    """As FTS5 reads it; every word is letters and digits, so quotes hold it."""

    def phrase(each: Phrase) -> str:
        forms = (" ".join((first, *each.stems[1:])) for first in each.beginnings)
        alternatives = " OR ".join(f'"{form}"' for form in forms)
        return f"{_columns(each)}({alternatives})"

    def site(name: str) -> str:
        return f'site : "{site_token(name)}"'

    return _joined(query, phrase, site, " AND ", " OR ", " NOT ")


def _columns(phrase: Phrase) -> str:
    """Nothing where any column will do: FTS5 sifts places by column at the cost of a copy."""
    if phrase.in_title:
        return "title : "
    may_be_a_site = len(phrase.stems) == 1 and _LIKE_A_SITE.fullmatch(phrase.stems[0])
    return "{title body} : " if may_be_a_site else ""


def ts_query(query: Query) -> str:
    """As PostgreSQL reads it; weight A are the words of the title."""

    def phrase(each: Phrase) -> str:
        weight = ":A" if each.in_title else ""
        forms = (
            " <-> ".join(f"'{stem}'{weight}" for stem in (first, *each.stems[1:]))
            for first in each.beginnings
        )
        alternatives = " | ".join(f"({form})" for form in forms)
        return f"({alternatives})"

    return _joined(query, phrase, _site_lexeme, " & ", " | ", " & !")


def ts_candidates(query: Query) -> str:
    """As PostgreSQL's GIN index can answer it by itself, which holds no places: the words of
    phrases in any order, those of titles anywhere. All that `ts_query` finds, and perhaps more."""

    is_long = sum(len(each.stems) > 1 for each in query.phrases) > _MANY_PHRASES

    def phrase(each: Phrase) -> str:
        first = " | ".join(f"'{form}'" for form in each.beginnings)
        others = [f"'{stem}'" for stem in each.stems[1:]]
        return " & ".join(others if others and is_long else [f"({first})", *others])

    sure = tuple(each for each in query.excluded if not _has_place(each))
    candidates = replace(query, excluded=sure)
    return _joined(candidates, lambda each: f"({phrase(each)})", _site_lexeme, " & ", " | ", " & !")


def asks_for_places(query: Query) -> bool:
    """Whether `ts_candidates` may find more than `ts_query`."""
    return any(map(_has_place, (*query.phrases, *query.excluded)))


def _has_place(phrase: Phrase) -> bool:
    return phrase.in_title or len(phrase.stems) > 1


def _site_lexeme(name: str) -> str:
    return f"'@{site_token(name)}'"


def _joined(
    query: Query,
    phrase: Callable[[Phrase], str],
    site: Callable[[str], str],
    and_: str,
    or_: str,
    not_: str,
) -> str:
    required = [f"({or_.join(map(phrase, alternatives))})" for alternatives in query.required]
    if query.sites:
        required.append(f"({or_.join(map(site, query.sites))})")
    excluded = [*map(phrase, query.excluded), *map(site, query.excluded_sites)]
    return and_.join(required) + "".join(f"{not_}({each})" for each in excluded)
