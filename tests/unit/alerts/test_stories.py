"""Which articles tell the same story."""

import pytest

from alerts.stories import fingerprint, join
from models.story import Joined, StoryCandidate

TITLE = "افتتاح خط ملاحي جديد بين أستراخان وأنزلي"
TEXT = (
    "أعلنت هيئة الموانئ صباح اليوم افتتاح خط ملاحي منتظم يربط ميناء أستراخان بميناء "
    "أنزلي على الساحل الجنوبي للبحر وذلك بعد أشهر من الأعمال الفنية التي شملت تعميق "
    "الممر وتوسيع الأرصفة وتجهيز الرافعات وقال مدير الهيئة في مؤتمر صحفي إن السفن "
    "الأولى ستنقل الحبوب والأخشاب والمعادن بمعدل رحلتين كل أسبوع على أن ترتفع إلى "
    "خمس رحلات مع نهاية العام وأضاف أن كلفة النقل ستنخفض بنحو الخمس مقارنة بالطريق "
    "البري وأن الجانبين اتفقا على توحيد الوثائق الجمركية وتبادل البيانات إلكترونيا "
    "قبل وصول الشحنات بيوم كامل"
)
WORDS = TEXT.split()
OTHER = (
    "قررت وزارة التربية تمديد مهلة التسجيل في المدارس أسبوعين بعد طلبات كثيرة من "
    "أولياء الأمور وقال وكيل الوزارة إن المنصة الإلكترونية ستبقى مفتوحة طوال اليوم "
    "وإن فرق الدعم ستزور القرى البعيدة لمساعدة الأسر"
)


def candidate(title: str, text: str, story_id: int = 1) -> StoryCandidate:
    return StoryCandidate(
        story_id=story_id,
        article_id=story_id * 10,
        site="afaq",
        title=title,
        text=text,
        fingerprint=fingerprint(title, text),
    )


def joined(title: str, text: str, *candidates: StoryCandidate) -> Joined | None:
    return join(title, text, fingerprint(title, text), candidates)


def share_a_key(first: tuple[str, str], second: tuple[str, str]) -> bool:
    one, other = fingerprint(*first), fingerprint(*second)
    return bool(set(one.bands) & set(other.bands)) or one.title_key == other.title_key


def test_the_same_title_spelt_otherwise_is_the_same_story() -> None:
    story = joined("إفتتاح خطّ ملاحي جديد بين استراخان وانزلي!", OTHER, candidate(TITLE, TEXT))

    assert story == Joined(story_id=1, reason="same title as article 10 of afaq", score=1.0)


def test_a_short_title_alone_says_nothing() -> None:
    assert fingerprint("عاجل جدا", TEXT).title_key == ""
    assert joined("عاجل جدا", OTHER, candidate("عاجل جدا", TEXT)) is None


def test_a_text_with_a_word_changed_is_the_same_story() -> None:
    changed = TEXT.replace("صباح اليوم", "مساء أمس")

    story = joined("عنوان من وكالة أخرى", changed, candidate(TITLE, TEXT))

    assert story is not None
    assert story.reason.startswith("near-identical text (0.9")
    assert share_a_key((TITLE, TEXT), ("عنوان من وكالة أخرى", changed))


def test_a_shortened_copy_is_the_same_story() -> None:
    short = " ".join(WORDS[: len(WORDS) * 6 // 10])

    story = joined("عنوان من وكالة أخرى", short, candidate(TITLE, TEXT))

    assert story is not None
    assert story.reason == "one text contains the other (1.00): article 10 of afaq"


def test_another_text_is_another_story() -> None:
    assert joined("تمديد مهلة التسجيل في المدارس", OTHER, candidate(TITLE, TEXT)) is None


def test_a_short_copy_of_few_words_is_chance() -> None:
    assert joined("عنوان من وكالة أخرى", " ".join(WORDS[:20]), candidate(TITLE, TEXT)) is None


def test_a_stock_phrase_joins_nothing() -> None:
    stock = "نوافيكم بالتفاصيل في نشرتنا القادمة بعد قليل"

    assert (
        joined("زلزال يضرب جنوب البلاد", stock, candidate("تعيين وزير جديد للمالية", stock)) is None
    )


def test_a_flash_with_nearly_the_same_title_and_text_is_the_same_story() -> None:
    flash = "زلزال بقوة ست درجات يضرب جنوب البلاد ولا إصابات"

    story = joined("عاجل زلزال يضرب جنوب البلاد", flash, candidate("زلزال يضرب جنوب البلاد", flash))

    assert story is not None


def test_articles_without_text_join_by_title_only() -> None:
    assert fingerprint(TITLE, "").bands == ()
    assert joined("عنوان آخر لا يشبهه", "", candidate(TITLE, "")) is None
    assert joined(TITLE, "", candidate(TITLE, "")) is not None


def test_the_best_candidate_wins_and_the_first_of_equals() -> None:
    near = candidate("عنوان أول مختلف", TEXT.replace("صباح", "عصر"), story_id=1)
    same = candidate("عنوان ثان مختلف", TEXT, story_id=2)
    also = candidate("عنوان ثالث مختلف", TEXT, story_id=3)

    story = joined("عنوان رابع مختلف", TEXT, near, same, also)

    assert story is not None
    assert story.story_id == 2


def test_fingerprints_do_not_change_between_runs() -> None:
    bands = fingerprint("a b c", "one two three four five six").bands

    assert bands[0] == "00f0961f228cd21955"
    assert len(bands) == 32


@pytest.mark.parametrize("start", range(0, 60, 6))
def test_near_identical_texts_find_each_other(start: int) -> None:
    changed = " ".join([*WORDS[:start], "تقريبا", *WORDS[start + 2 :]])

    assert share_a_key((TITLE, TEXT), ("عنوان من وكالة أخرى", changed))
