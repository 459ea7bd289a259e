"""Whether an article becomes an alert, and why not."""

from datetime import timedelta
from typing import Any

import pytest

from alerts.decide import decide
from models.alert import Alert, Decision, Skip
from models.article import StoredArticle
from models.match import Hit, Verdict
from models.text import Localized
from tests.unit.alerts.builders import NOW, site, stored_article

TOPICS = {
    "iran-russia": Localized("إيران وروسيا", "Iran and Russia"),
    "caspian": Localized("بحر قزوين"),
}


def verdict(topic: str, article: StoredArticle, *words: str, fired: bool = True) -> Verdict:
    hits: list[Hit] = []
    for word in words:
        for field, text in (("title", article.article.title), ("text", article.article.text)):
            start = text.find(word)
            if start >= 0:
                hit = Hit(
                    keyword=word,
                    text=word,
                    field=field,  # type: ignore[arg-type]  # one of the two literals
                    start=start,
                    end=start + len(word),
                )
                hits.append(hit)
    return Verdict(topic=topic, fired=fired, score=float(len(hits)), hits=tuple(hits), clauses=())


def decided(article: StoredArticle, *verdicts: Verdict, **changes: Any) -> Decision:
    values: dict[str, Any] = {
        "site": site(),
        "topics": TOPICS,
        "already_alerted": frozenset(),
        "backlog_alerts": 0,
        "now": NOW,
    }
    return decide(article=article, verdicts=verdicts, **values | changes)


def both(article: StoredArticle) -> tuple[Verdict, Verdict]:
    return (
        verdict("iran-russia", article, "طهران", "موسكو"),
        verdict("caspian", article, "بحر قزوين"),
    )


def reason(decision: Decision) -> str:
    assert isinstance(decision, Skip)
    return decision.reason


def test_a_match_alerts_with_the_matched_words_marked() -> None:
    article = stored_article()

    made = decided(article, *both(article))

    assert isinstance(made, Alert)
    assert [made.title.text[a:b] for a, b in made.title.spans] == ["موسكو", "طهران", "بحر قزوين"]
    assert [made.quote.text[a:b] for a, b in made.quote.spans] == ["موسكو", "طهران"]
    assert [match.words for match in made.topics] == [("موسكو", "طهران"), ("بحر قزوين",)]
    assert made.topics[0].title.in_language("en") == "Iran and Russia"
    assert made.source == Localized("وكالة آفاق", "Afaq Agency")


def test_no_topic_no_alert() -> None:
    article = stored_article()

    assert reason(decided(article)) == "no topic matched"
    unfired = verdict("caspian", article, "بحر قزوين", fired=False)
    assert reason(decided(article, unfired)) == "no topic matched"


def test_a_story_is_not_alerted_twice_on_a_topic() -> None:
    article = stored_article()

    skipped = decided(article, *both(article), already_alerted={"iran-russia", "caspian", "x"})

    assert reason(skipped) == (
        "the story was alerted before on every topic that matched (iran-russia, caspian)"
    )


def test_a_story_alerts_again_on_a_new_topic_only() -> None:
    article = stored_article()

    made = decided(article, *both(article), already_alerted={"iran-russia"})

    assert isinstance(made, Alert)
    assert [match.topic for match in made.topics] == ["caspian"]
    assert [made.title.text[a:b] for a, b in made.title.spans] == ["بحر قزوين"]


def test_an_old_article_is_not_news() -> None:
    article = stored_article(published=NOW - timedelta(hours=24, minutes=1))

    assert reason(decided(article, *both(article))) == (
        "it was published on 2026-03-13 11:29 UTC, too long ago (max_age of afaq is 1d)"
    )


def test_an_article_within_max_age_is_news() -> None:
    article = stored_article(published=NOW - timedelta(hours=23, minutes=59))

    assert isinstance(decided(article, *both(article)), Alert)


@pytest.mark.parametrize("backlog", [True, False], ids=["backlog", "new"])
def test_a_site_without_max_age_alerts_old_and_undated_articles(backlog: bool) -> None:
    for published in (NOW - timedelta(days=900), None):
        article = stored_article(published=published, backlog=backlog)
        assert isinstance(decided(article, *both(article), site=site(max_age=None)), Alert)


def test_an_undated_article_of_the_first_crawl_may_be_of_any_age() -> None:
    article = stored_article(published=None, backlog=True)

    assert reason(decided(article, *both(article))) == (
        "it has no date and was listed by the site's first crawl (max_age of afaq is 1d)"
    )


def test_an_undated_new_article_is_news() -> None:
    article = stored_article(published=None)

    assert isinstance(decided(article, *both(article)), Alert)


def test_a_first_crawl_alerts_at_most_three() -> None:
    article = stored_article(backlog=True)

    assert isinstance(decided(article, *both(article), backlog_alerts=2), Alert)
    assert reason(decided(article, *both(article), backlog_alerts=3)) == (
        "a site's first crawl makes at most 3 alerts"
    )


def test_later_articles_do_not_count_as_first_crawl() -> None:
    article = stored_article()

    assert isinstance(decided(article, *both(article), backlog_alerts=3), Alert)


def test_a_withdrawn_article_is_not_alerted() -> None:
    article = stored_article(withdrawn=True)

    assert reason(decided(article, *both(article))) == "the site has withdrawn the article"
