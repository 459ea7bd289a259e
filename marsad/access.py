"""Whether a site lets programs in, and whether its ways were ever seen to work: pure.

A site is unproven until a look at it found articles and read them. The first look of `marsad run`
is its probe, so that a site is asked nothing twice; `marsad probe` is one too.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.errors import NAME_UNKNOWN
from marsad.rhythm import LONGEST_BACK_OFF, UNPROVEN_WAIT, spoken
from models.access import Access, Proof
from models.crawl import CrawlOutcome, CrawlReport
from models.site import Site

_MOST_TOLD = 10


def ways_of(site: Site) -> tuple[str, ...]:
    return tuple(way.url for way in site.ways)


def is_proven(site: Site, proof: Proof | None) -> bool:
    """Whether the site's own ways have worked; another fallback changes nothing of that."""
    own = tuple(way.url for way in site.publishes)
    return proof is not None and proof.passed and proof.ways[: len(own)] == own


def is_untried(site: Site, proof: Proof | None) -> bool:
    return proof is None or proof.ways != ways_of(site)


def read_now(site: Site, access: Access | None, now: datetime) -> Site:
    """The site as it is looked at now: without its own ways, while it blocks them and something
    else can be read."""
    if access is None or not site.fallbacks:
        return site
    # A wait that is longer than any began under a clock that was ahead.
    if not now < access.again_at <= now + max(LONGEST_BACK_OFF, UNPROVEN_WAIT):
        return site
    return site.model_copy(update={"publishes": ()})


def after_look(
    access: Access | None, site: Site, report: CrawlReport, *, proven: bool
) -> Access | None:
    """None: it lets programs in, as far as is known. The wait doubles with each refusal."""
    if report.blocked is not None:
        refusals = (access.refusals if access is not None else 0) + 1
        wait = min(site.every * 2 ** min(refusals, 20), LONGEST_BACK_OFF)
        return Access(
            since=access.since if access is not None else report.finished,
            reason=report.blocked,
            refusals=refusals,
            again_at=report.finished + (wait if proven else UNPROVEN_WAIT),
            fallback=report.fallback,
        )
    if access is None or (report.outcome is CrawlOutcome.OK and report.fallback is None):
        return None
    return Access(
        since=access.since,
        reason=access.reason,
        refusals=access.refusals,
        again_at=access.again_at,
        fallback=report.fallback or access.fallback,
    )


def change(site: Site, before: Access | None, after: Access | None) -> str | None:
    """What to tell an operator when a site begins to refuse programs or ends it; None: neither."""
    if before is None and after is not None:
        instead = f"{after.fallback} is read" if after.fallback else "nothing else could be read"
        return f"{site.name} blocks programs: {after.reason}; {instead} instead"
    if before is not None and after is None:
        return f"{site.name} lets programs in again"
    return None


def proof_after(site: Site, proof: Proof | None, report: CrawlReport) -> Proof:
    """What is known of its ways after one more crawl: what has worked once stays proven."""
    if proof is not None and is_proven(site, proof):
        return replace(proof, ways=ways_of(site))
    return proof_of_look(site, report)


def proof_after_probe(known: Proof | None, probed: Proof) -> Proof:
    """A probe while the line or the site is down does not undo what has worked."""
    if known is not None and known.passed and known.ways == probed.ways and not probed.passed:
        return known
    return probed


def proof_of_look(site: Site, report: CrawlReport) -> Proof:
    """What a crawl tells of the site's ways."""
    problem = _why_not(report)
    return Proof(
        tried_at=report.finished,
        passed=problem is None,
        how=_found(report) if problem is None else problem,
        ways=ways_of(site),
        blocked=report.blocked is not None,
    )


def proof_of_articles(site: Site, count: int, now: datetime) -> Proof:
    """Of a site that is still being read."""
    how = f"{count} articles read so far"
    return Proof(tried_at=now, passed=True, how=how, ways=ways_of(site))


def _why_not(report: CrawlReport) -> str | None:
    problem = next(iter(report.problems), None)
    if report.blocked is not None or report.fallback is not None:
        return problem or report.blocked or "blocked"
    if report.outcome is CrawlOutcome.FAILED:
        return problem or "no way of publishing could be read"
    if report.listed == 0 and report.unchanged_listings == 0:
        return problem or "it lists no article"
    if report.failed_pages and not report.new and not report.updated:
        return f"none of its {report.failed_pages} pages could be read: {problem}"
    return None


def _found(report: CrawlReport) -> str:
    if report.listed == 0:
        return "its listing is unchanged"
    newest = report.figures.newest
    age = (
        f", the newest {spoken(max(report.finished - newest, timedelta(0)))} old" if newest else ""
    )
    failed = f", {report.failed_pages} pages failed" if report.failed_pages else ""
    return f"{report.listed} articles listed, {report.new} read{failed}{age}"


def table(proofs: Mapping[str, Proof]) -> str:
    """One line a site, those that did not pass last, and a line of counts."""
    width = max(map(len, proofs), default=0)
    passed = sum(proof.passed for proof in proofs.values())
    lines = [
        f"{_word(proof):<7}  {name:<{width}}  {' '.join(proof.how.split())}"
        for name, proof in sorted(proofs.items(), key=lambda each: (not each[1].passed, each[0]))
    ]
    lines.append(f"{passed} of {len(proofs)} sites passed their probe")
    if _knows_no_name(proofs):
        lines.append(
            "the name of none of their hosts is known: does this machine reach the internet?"
        )
    return "\n".join(lines)


def notice(proofs: Mapping[str, Proof]) -> str:
    """The same for operators in the chat: those that did not pass, and how many there are."""
    passed = sum(proof.passed for proof in proofs.values())
    failed = {name: proof for name, proof in sorted(proofs.items()) if not proof.passed}
    lines = [f"{passed} of {len(proofs)} new sites can be read."]
    lines += [f"{name}: {proof.how[:150]}" for name, proof in list(failed.items())[:_MOST_TOLD]]
    if len(failed) > _MOST_TOLD:
        lines.append(f"and {len(failed) - _MOST_TOLD} more: see marsad doctor")
    return "\n".join(lines)


def _knows_no_name(proofs: Mapping[str, Proof]) -> bool:
    """One site may have moved; all at once have not."""
    return len(proofs) > 1 and all(NAME_UNKNOWN in proof.how for proof in proofs.values())


def _word(proof: Proof) -> str:
    if proof.passed:
        return "passed"
    return "blocked" if proof.blocked else "failed"
