"""What the tests said, and the page that publishes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from scripts.conformance.scope import ANSWERED, MARSAD_CALLS


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """`outcome`: passed, failed, or skipped (expected failures, too); `methods` in snake case."""

    file: str
    test: str
    methods: tuple[str, ...]
    outcome: str
    reason: str = ""


def read_results(junit: Path) -> list[Result]:
    """The results in pytest's JUnit file, in order of their names."""
    cases = ElementTree.parse(junit).getroot().iter("testcase")
    return sorted(_result(case) for case in cases)


def _result(case: ElementTree.Element) -> Result:
    outcome, reason = "passed", ""
    for kind, word in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        found = case.find(kind)
        if found is not None:
            outcome, reason = word, (found.get("message") or "").splitlines()[0]
    properties = case.iterfind("properties/property")
    methods = next((p.get("value", "") for p in properties if p.get("name") == "methods"), "")
    file, _, group = case.get("classname", "").rpartition(".")
    return Result(
        file=file.removeprefix("tests."),
        test=f"{group}::{case.get('name', '')}",
        methods=tuple(methods.split()),
        outcome=outcome,
        reason=reason,
    )


def page(results: Sequence[Result], version: str) -> str:
    """docs/conformance.md: counts, methods, and the list."""
    passed = [result for result in results if result.outcome == "passed"]
    lines = [
        "# Conformance of the local Bot API",
        "",
        "Written by `python -m scripts.conformance run --write docs/conformance.md`; not edited by "
        "hand.",
        "",
        f"python-telegram-bot {version} tests itself against Telegram's servers. Those of its "
        "request tests",
        "all of whose calls the local Bot API answers are run against that: "
        f"**{len(passed)} of {len(results)} pass.**",
        "Which they are is a rule (`scripts/conformance/scope.py`), not a choice.",
        "",
        "    python -m scripts.conformance fetch    # its source distribution, by pip",
        "    python -m scripts.conformance run",
        "",
        "answerCallbackQuery has no request test there: nobody presses a button in them.",
        "",
        "| method | Marsad calls it | tests |",
        "|---|---|---|",
        *(_method_row(method, results) for method in sorted(ANSWERED)),
        "",
        "| test | outcome |",
        "|---|---|",
        *(_test_row(result) for result in results),
        "",
    ]
    return "\n".join(lines)


def _test_row(result: Result) -> str:
    outcome = f"{result.outcome} {result.reason}".strip()
    return f"| `{result.file}` `{result.test}` | {outcome} |"


def _method_row(method: str, results: Sequence[Result]) -> str:
    first, *rest = method.split("_")
    name = first + "".join(word.capitalize() for word in rest)
    count = sum(method in result.methods for result in results)
    return f"| {name} | {'yes' if method in MARSAD_CALLS else ''} | {count} |"
