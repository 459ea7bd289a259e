"""Checking a configuration before it is used: everything that `load` refuses, and the examples."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from alerts.matching.examples import check_examples
from crawler.wishes import forbidden_rhythm
from marsad.configuration import Configuration, Sources, load_with_sources
from models.configfile import ConfigErrors, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """`problems` stop Marsad or break a promise of a topic; `warnings` are sentences to consider;
    `summary` is one line for a configuration without problems."""

    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    summary: str


def check(directory: Path, crawl_delays: Mapping[str, timedelta] | None = None) -> CheckResult:
    """Load the folder and run each topic's examples. Raises nothing for a bad configuration.

    `crawl_delays`: what the robots.txt of sites asked for when they were last read, by site.
    """
    try:
        sources = load_with_sources(directory)
    except ConfigErrors as errors:
        summary = f"{_counted(len(errors.problems), 'problem')} in {directory}"
        return CheckResult(problems=errors.problems, warnings=(), summary=summary)
    return CheckResult(
        problems=tuple(sorted(_failed_examples(sources))),
        warnings=(
            *_warnings(sources.configuration),
            *_forbidden_rhythms(sources, crawl_delays or {}),
        ),
        summary=_summary(sources.configuration),
    )


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"


def _failed_examples(sources: Sources) -> Iterator[Problem]:
    matcher = sources.configuration.matcher
    for topic in sources.configuration.topics.values():
        for problem in check_examples(matcher, topic):
            yield sources.rule_problem(problem)


def _warnings(configuration: Configuration) -> Iterator[str]:
    directory = configuration.directory
    if not configuration.general.contact:
        yield (
            f"{directory / 'marsad.yaml'}: contact is empty; set it to your e-mail address or "
            "page, so that a site's owner can reach you before blocking the crawler"
        )
    if not any(site.enabled for site in configuration.sites.values()):
        yield f"{directory / 'sites'}: all sites have enabled: false; nothing is crawled"
    for name, topic in configuration.topics.items():
        if not topic.examples and not topic.internal:
            yield (
                f"{directory / 'topics' / name}.yaml: no examples; add a text that must match and "
                "one that must not, so that a later edit cannot break the topic unseen"
            )
    if all(topic.internal for topic in configuration.topics.values()):
        yield f"{directory / 'topics'}: all topics have internal: true; nothing alerts"


def _forbidden_rhythms(sources: Sources, delays: Mapping[str, timedelta]) -> Iterator[str]:
    for name, site in sources.sites.items():
        slow = forbidden_rhythm(site.value, delays.get(name))
        if slow is not None and site.value.enabled:
            line, _ = site.positions.of(("every",))
            yield f"{site.file}:{line}: {slow}"


def _summary(configuration: Configuration) -> str:
    enabled = sum(site.enabled for site in configuration.sites.values())
    examples = sum(len(topic.examples) for topic in configuration.topics.values())
    alerting = len(configuration.alerting)
    blocks = len(configuration.topics) - alerting
    return (
        f"{configuration.directory}: {_counted(len(configuration.sites), 'site')} "
        f"({enabled} enabled), {_counted(alerting, 'topic')}"
        f"{f' and {blocks} internal' if blocks else ''}, "
        f"{_counted(len(configuration.lexicons), 'lexicon')}; "
        f"all {_counted(examples, 'example')} behave"
    )
