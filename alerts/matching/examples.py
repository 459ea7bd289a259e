"""The examples of a topic, held against its rule."""

from alerts.matching.errors import RuleProblem
from alerts.matching.matcher import Matcher
from models.match import Document, Verdict
from models.topic import Example, Topic


def check_examples(matcher: Matcher, topic: Topic) -> tuple[RuleProblem, ...]:
    """The examples that the topic's rule gets wrong, with the reason from its proof."""
    problems = []
    for index, example in enumerate(topic.examples):
        message = _wrong(_verdict(matcher, topic, example), example)
        if message:
            path = ("examples", index)
            problems.append(RuleProblem(kind="topic", name=topic.name, path=path, message=message))
    return tuple(problems)


def _verdict(matcher: Matcher, topic: Topic, example: Example) -> Verdict:
    document = Document(
        title=example.title, text=example.text, source=example.source, language=example.language
    )
    return next(verdict for verdict in matcher.evaluate(document) if verdict.topic == topic.name)


def _wrong(verdict: Verdict, example: Example) -> str | None:
    found = [hit.text for hit in verdict.hits]
    if example.match and not verdict.fired:
        return "must match, but does not: " + "; ".join(verdict.lacked)
    if not example.match and verdict.fired:
        return "must not match, but does, by: " + ", ".join(found)
    missing = [word for word in example.words if word not in found] if example.match else []
    if missing:
        return f"does not find {', '.join(missing)}; found: {', '.join(found)}"
    return None
