"""Alerts and verdicts survive JSON without loss."""

import json
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.alert import Alert, TopicMatch
from models.match import Clause, Hit, Verdict
from models.text import Localized, Marked
from storage.codec import alert_from_json, alert_to_json, verdict_from_json, verdict_to_json

texts = st.text(st.characters(codec="utf-8"), max_size=30)
numbers = st.integers(0, 10_000)
scores = st.floats(allow_nan=False, allow_infinity=False)
times = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=3))]))
localized = st.builds(Localized, texts, texts)
marked = st.builds(Marked, texts, st.lists(st.tuples(numbers, numbers)).map(tuple))
alerts = st.builds(
    Alert,
    article_id=numbers,
    url=texts,
    site=texts,
    source=localized,
    title=marked,
    quote=marked,
    topics=st.lists(
        st.builds(
            TopicMatch,
            topic=texts,
            title=localized,
            words=st.lists(texts).map(tuple),
            score=scores,
        ),
        max_size=3,
    ).map(tuple),
    published=st.none() | times,
    first_seen=times,
)
clauses = st.recursive(
    st.builds(Clause, condition=texts, passed=st.booleans(), detail=texts),
    lambda inner: st.builds(
        Clause,
        condition=texts,
        passed=st.booleans(),
        children=st.lists(inner, max_size=3).map(tuple),
    ),
    max_leaves=5,
)
verdicts = st.builds(
    Verdict,
    topic=texts,
    fired=st.booleans(),
    score=scores,
    hits=st.lists(
        st.builds(
            Hit,
            keyword=texts,
            text=texts,
            field=st.sampled_from(["title", "text"]),
            start=numbers,
            end=numbers,
        ),
        max_size=3,
    ).map(tuple),
    clauses=st.lists(clauses, max_size=3).map(tuple),
)


@given(alerts)
def test_an_alert_comes_back_equal(alert: Alert) -> None:
    assert alert_from_json(json.loads(json.dumps(alert_to_json(alert)))) == alert


@given(verdicts)
def test_a_verdict_comes_back_equal(verdict: Verdict) -> None:
    assert verdict_from_json(json.loads(json.dumps(verdict_to_json(verdict)))) == verdict


def test_what_is_no_alert_is_refused() -> None:
    with pytest.raises(ValidationError):
        alert_from_json({"url": "https://news.example/1"})
