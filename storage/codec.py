"""Alerts and verdicts as JSON and back, without loss."""

from typing import Any

from pydantic import TypeAdapter

from models.alert import Alert, Changes
from models.match import Verdict

_ALERT = TypeAdapter(Alert)
_CHANGES = TypeAdapter(Changes)
_VERDICT = TypeAdapter(Verdict)


def alert_to_json(alert: Alert) -> dict[str, Any]:
    """Times become ISO texts with their zone."""
    content: dict[str, Any] = _ALERT.dump_python(alert, mode="json")
    return content


def alert_from_json(content: object) -> Alert:
    """Raises pydantic.ValidationError for what alert_to_json never wrote."""
    return _ALERT.validate_python(content)


def changes_to_json(changes: Changes) -> dict[str, Any]:
    content: dict[str, Any] = _CHANGES.dump_python(changes, mode="json")
    return content


def changes_from_json(content: object) -> Changes:
    """Nothing changed: None. Raises pydantic.ValidationError."""
    return Changes() if content is None else _CHANGES.validate_python(content)


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    content: dict[str, Any] = _VERDICT.dump_python(verdict, mode="json")
    return content


def verdict_from_json(content: object) -> Verdict:
    """Raises pydantic.ValidationError for what verdict_to_json never wrote."""
    return _VERDICT.validate_python(content)
