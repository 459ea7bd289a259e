"""`marsad explain`: the way of one article through Marsad, with the reason at every step."""

from collections.abc import Iterator, Sequence

from marsad.configuration import Configuration
from marsad.pipeline import document
from models.match import Clause, Verdict
from storage.database import Database
from storage.explain import Trace, trace


def explain(database: Database, configuration: Configuration, url_or_id: str) -> str | None:
    """The account as text; None if no site has ever listed the address."""
    found = database.read_now(lambda connection: trace(connection, url_or_id))
    return None if found is None else "\n".join(_lines(found, configuration))


def _lines(found: Trace, configuration: Configuration) -> Iterator[str]:
    yield from _fetching(found)
    if found.article is not None:
        yield from _extraction(found)
        yield from _matching(found, configuration)
        yield from _decision(found)


def _fetching(found: Trace) -> Iterator[str]:
    yield f"address   {found.url}"
    yield f"site      {found.site}, first listed {found.first_listed:%Y-%m-%d %H:%M:%S} UTC"
    if found.article is None:
        attempts = f"{found.attempts} attempts" if found.attempts != 1 else "1 attempt"
        yield f"fetched   no, after {attempts}: {found.last_error or 'it is still waiting'}"


def _extraction(found: Trace) -> Iterator[str]:
    assert found.article is not None
    stored = found.article
    article = stored.article
    seen = f"{stored.first_seen:%Y-%m-%d %H:%M:%S} UTC"
    yield f"fetched   yes, article {stored.id}, first seen {seen}"
    if stored.backlog:
        yield "          it was there when the site was crawled for the first time"
    if stored.withdrawn:
        yield "          the site has withdrawn it"
    if found.versions:
        yield f"          {found.versions} earlier versions are kept"
    published = f"{article.published:%Y-%m-%d %H:%M} UTC" if article.published else "unknown"
    yield f"title     {article.title}"
    yield f"published {published} ({article.evidence.get('published', 'no evidence')})"
    from_where = article.evidence.get("text", "no evidence")
    yield f"text      {len(article.text)} characters ({from_where})"
    yield f"language  {article.language or 'unknown'}"


def _matching(found: Trace, configuration: Configuration) -> Iterator[str]:
    assert found.article is not None
    verdicts = configuration.matcher.evaluate(document(found.article))
    yield "rules     as they are now:"
    for verdict in sorted(verdicts, key=lambda verdict: not verdict.fired):
        yield from _verdict(verdict)


def _verdict(verdict: Verdict) -> Iterator[str]:
    sign = "fires" if verdict.fired else "does not fire"
    yield f"  {verdict.topic}: {sign}, score {verdict.score:g}"
    words = dict.fromkeys(f"«{hit.text}» ({hit.keyword}, {hit.field})" for hit in verdict.hits)
    if words:
        yield f"    words: {'، '.join(words)}"
    yield from _clauses(verdict.clauses, "    ")


def _clauses(clauses: Sequence[Clause], indent: str) -> Iterator[str]:
    for clause in clauses:
        detail = f": {clause.detail}" if clause.detail else ""
        yield f"{indent}{'+' if clause.passed else '-'} {clause.condition}{detail}"
        yield from _clauses(clause.children, indent + "  ")


def _decision(found: Trace) -> Iterator[str]:
    if found.story_id is not None:
        yield f"story     {found.story_id}: {found.story_reason} (score {found.story_score:.2f})"
    if found.decided_at is None:
        yield "decision  not yet: it waits to be decided"
        return
    yield f"decision  {found.decided_at:%Y-%m-%d %H:%M:%S} UTC: {found.decision}"
    if found.rules_version:
        yield f"          under rules {found.rules_version}"
    if found.alert_id is not None:
        counts = ", ".join(f"{count} {state}" for state, count in found.deliveries.items())
        yield f"alert     {found.alert_id}; deliveries: {counts or 'nobody follows its topics'}"
