"""Where an article belongs: it joins, it founds, and it makes two stories one."""

from datetime import UTC, datetime, timedelta

from alerts.stories.grouping import FIRST_REPORT, Member, place
from alerts.stories.telling import telling

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
WINDOW = timedelta(hours=72)
FIRST = (
    "أعلنت شركة المياه في البصرة أن محطة التحلية الجديدة في الفاو ستبدأ الضخ منتصف الشهر بطاقة "
    "عشرين ألف متر مكعب في اليوم بعدما تأخر المشروع سنتين بسبب نزاع مع المقاول الكوري الذي أخلى "
    "الموقع قبل عام وترك المضخات في صناديقها على رصيف الميناء حسب ما قال مديرها علي الأسدي"
)
SECOND = (
    "قال النائب فالح الخزعلي إن عقد محطة الفاو للتحلية شابته مخالفات وطلب من ديوان الرقابة مراجعة "
    "الدفعات التي سلمت إلى الشركة الكورية قبل انسحابها مؤكدا أن الأهالي يشترون الماء من الصهاريج "
    "منذ خمسة أشهر وأن المحافظ وعدهم بالضخ في عيد الأضحى ثم اعتذر عن حضور الجلسة مرتين متتاليتين"
)
TITLE = "محطة التحلية في الفاو تبدأ الضخ منتصف الشهر"


def member(number: int, title: str, text: str, telling_of: int | None = None) -> Member:
    told = telling(title, text, NOON + timedelta(minutes=number))
    return Member(number, f"article {number} of naba", told, telling_of or number)


def test_the_first_report_founds_a_story() -> None:
    placement = place(member(1, TITLE, FIRST), {}, WINDOW)
    assert (placement.story, placement.telling, placement.reason) == (None, 1, FIRST_REPORT)


def test_a_copy_joins_and_says_of_what() -> None:
    stories = {7: [member(1, TITLE, FIRST)]}
    placement = place(member(2, TITLE, f"البصرة - {FIRST}"), stories, WINDOW)
    assert (placement.story, placement.telling) == (7, 1)
    assert placement.reason.endswith("article 1 of naba")
    assert placement.score > 0.9


def test_an_article_that_holds_two_others_makes_their_stories_one() -> None:
    stories = {
        9: [member(1, TITLE, FIRST)],
        8: [member(2, "نائب يطلب مراجعة عقد محطة التحلية في الفاو", SECOND)],
    }
    both = member(3, "محطة التحلية في الفاو: ضخ ومراجعة عقد ونائب يطلب", f"{FIRST}\n\n{SECOND}")
    placement = place(both, stories, WINDOW)
    assert (placement.story, placement.merged) == (8, (9,))


def test_a_story_of_many_is_not_chained_by_one_like_article() -> None:
    many = [member(number, TITLE, FIRST, telling_of=1) for number in range(1, 6)]
    other = [
        member(number, "نائب يطلب مراجعة عقد محطة التحلية في الفاو", SECOND, telling_of=6)
        for number in range(6, 11)
    ]
    both = member(11, "محطة التحلية في الفاو: ضخ ومراجعة عقد ونائب يطلب", f"{FIRST}\n\n{SECOND}")
    placement = place(both, {1: many, 2: other}, WINDOW)
    assert placement.merged == ()


def test_only_copies_join_where_events_are_not_wanted() -> None:
    title, text = "الفاو: بدء الضخ من محطة التحلية", " ".join(FIRST.split()[::-1])
    stories = {1: [member(1, TITLE, FIRST)]}
    assert place(member(2, title, text), stories, WINDOW).story == 1
    assert place(member(2, title, text), stories, WINDOW, events=False).story is None
