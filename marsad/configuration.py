"""The whole configuration: read everything, put it together, or say everything that is wrong."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from alerts.matching.errors import RuleErrors, RuleProblem
from alerts.matching.matcher import Matcher
from marsad.coherence import problems_between
from models.configfile import (
    ConfigErrors,
    Loaded,
    Problem,
    read_folder,
    read_model_with_positions,
    whole_file,
)
from models.faults import nearest
from models.general import General
from models.lexicon import Lexicon
from models.site import Site
from models.topic import Topic
from models.webhook import Webhook

_T = TypeVar("_T", bound=BaseModel)
_FOLDERS = ("sites", "topics", "lexicon", "webhooks", "schema")


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything that operators edit, validated and compiled.

    `version` is a hash of what the files mean: comments and spaces do not change it.
    """

    directory: Path
    general: General
    sites: Mapping[str, Site]
    topics: Mapping[str, Topic]
    lexicons: Mapping[str, Lexicon]
    webhooks: Mapping[str, Webhook]
    matcher: Matcher
    version: str

    @property
    def alerting(self) -> tuple[str, ...]:
        """The topics on which alerts are made."""
        return tuple(name for name, topic in self.topics.items() if not topic.internal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """A configuration and the files that it was read from."""

    configuration: Configuration
    sites: Mapping[str, Loaded[Site]]
    topics: Mapping[str, Loaded[Topic]]
    lexicons: Mapping[str, Loaded[Lexicon]]

    def rule_problem(self, problem: RuleProblem) -> Problem:
        return _rule_problem(problem, self.topics, self.lexicons)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFiles:
    """What is known of sites alone, also of a folder that is not complete yet."""

    directory: Path
    general: General
    sites: Mapping[str, Site]


def load_site_files(directory: Path) -> SiteFiles:
    """The sites of a folder that may have no topics, no sites and not even be there. Raises
    ConfigErrors for files that cannot be read."""
    problems: list[Problem] = []
    general = _read_general(directory / "marsad.yaml", problems)
    sites: dict[str, Loaded[Site]] = {}
    try:
        sites = read_folder(directory / "sites", Site)
    except ConfigErrors as errors:
        problems.extend(errors.problems)
    if problems:
        raise ConfigErrors(tuple(problems))
    return SiteFiles(directory=directory, general=general, sites=_values(sites))


def load(directory: Path) -> Configuration:
    """Read and compile all files of a folder. Raises ConfigErrors with all problems of all files:
    first those of the files themselves, and once each file is sound, those between them."""
    return load_with_sources(directory).configuration


def load_with_sources(directory: Path) -> Sources:
    """As load, with the places of everything, for problems that are found later."""
    if not directory.is_dir():
        raise ConfigErrors((whole_file(directory, "is not a folder; marsad init DIR writes one"),))
    try:
        return _load(directory)
    except OSError as error:  # a folder that may not be read, or that vanishes meanwhile
        message = f"cannot be read: {error.strerror}"
        raise ConfigErrors((whole_file(Path(error.filename or directory), message),)) from error


def _load(directory: Path) -> Sources:
    problems = list(_misplaced(directory))
    general = _read_general(directory / "marsad.yaml", problems)
    sites = _read_folder(directory / "sites", Site, problems)
    topics = _read_folder(directory / "topics", Topic, problems)
    lexicons = _read_folder(directory / "lexicon", Lexicon, problems)
    webhooks = {}
    if (directory / "webhooks").is_dir():
        webhooks = _read_folder(directory / "webhooks", Webhook, problems)
    if problems:
        raise ConfigErrors(tuple(problems))

    problems = list(problems_between(sites, topics, webhooks))
    matcher = _compile(topics, lexicons, problems)
    if matcher is None or problems:
        raise ConfigErrors(tuple(problems))
    configuration = Configuration(
        directory=directory,
        general=general,
        sites=_values(sites),
        topics=_values(topics),
        lexicons=_values(lexicons),
        webhooks=_values(webhooks),
        matcher=matcher,
        version=_version(general, sites, topics, lexicons, webhooks),
    )
    return Sources(configuration=configuration, sites=sites, topics=topics, lexicons=lexicons)


def _misplaced(directory: Path) -> Iterator[Problem]:
    """Entries that look like a part of the configuration and would silently not be read."""
    for path in sorted(directory.iterdir()):
        if path.name.startswith(".") or path.name in (*_FOLDERS, "marsad.yaml"):
            continue
        if path.is_dir():
            near = nearest(path.name, _FOLDERS)
        elif path.suffix in (".yaml", ".yml"):
            near = nearest(path.name, ["marsad.yaml"]) or "; it belongs into one of the folders"
        else:
            continue
        if near:
            known = ", ".join(("marsad.yaml", *_FOLDERS))
            yield whole_file(path, f"is not read; known here: {known}{near}")


def _read_general(path: Path, problems: list[Problem]) -> General:
    try:
        return read_model_with_positions(path, General).value if path.exists() else General()
    except ConfigErrors as errors:
        problems.extend(errors.problems)
        return General()


def _read_folder(folder: Path, model: type[_T], problems: list[Problem]) -> dict[str, Loaded[_T]]:
    try:
        loaded = read_folder(folder, model)
    except ConfigErrors as errors:
        problems.extend(errors.problems)
        return {}
    if not loaded and folder.name != "lexicon":
        noun = folder.name.removesuffix("s")
        message = f"holds no {noun}; write one file NAME.yaml for each (marsad init shows some)"
        problems.append(whole_file(folder, message))
    return loaded


def _compile(
    topics: Mapping[str, Loaded[Topic]],
    lexicons: Mapping[str, Loaded[Lexicon]],
    problems: list[Problem],
) -> Matcher | None:
    try:
        return Matcher(_values(topics), _values(lexicons))
    except RuleErrors as errors:
        problems.extend(_rule_problem(problem, topics, lexicons) for problem in errors.problems)
        return None


def _rule_problem(
    problem: RuleProblem,
    topics: Mapping[str, Loaded[Topic]],
    lexicons: Mapping[str, Loaded[Lexicon]],
) -> Problem:
    files: Mapping[str, Loaded[Topic] | Loaded[Lexicon]] = (
        topics if problem.kind == "topic" else lexicons
    )
    return files[problem.name].problem(problem.path, problem.message)


def _values(loaded: Mapping[str, Loaded[_T]]) -> dict[str, _T]:
    return {name: item.value for name, item in loaded.items()}


def _version(*parts: BaseModel | Mapping[str, Loaded[Any]]) -> str:
    content = [
        part.model_dump(mode="json")
        if isinstance(part, BaseModel)
        else {name: item.value.model_dump(mode="json") for name, item in part.items()}
        for part in parts
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
