"""Copies of one text: edited, shortened, with another headline; and what only looks like one."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.stories.keys import Keys, keys
from alerts.stories.likeness import Likeness, compare
from alerts.stories.telling import Telling, telling

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
WINDOW = timedelta(hours=72)
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


def told(title: str, text: str, hours: float = 0) -> Telling:
    return telling(title, text, NOON + timedelta(hours=hours))


def like(one: Telling, other: Telling) -> Likeness | None:
    return compare(one, other, WINDOW).like


def share_a_key(one: Keys, other: Keys) -> bool:
    return bool(set(one.copies.tolist()) & set(other.copies.tolist()))


END = " ".join(WORDS[-30:])
ORIGINAL = told(TITLE, TEXT)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param(TITLE, TEXT, id="word for word"),
        pytest.param("خط بحري يصل أستراخان بأنزلي", TEXT, id="another headline"),
        pytest.param(TITLE, "أنزلي (نبأ) - " + TEXT, id="a dateline before it"),
        pytest.param(TITLE, TEXT.replace("صباح اليوم", "مساء أمس"), id="words changed"),
        pytest.param(TITLE, " ".join(WORDS[:55]), id="shortened"),
        pytest.param(TITLE, TEXT + " " + OTHER, id="inside a longer text"),
        pytest.param("إفتتاح خطّ ملاحي جديد بين استراخان وانزلي!", OTHER, id="the same title"),
    ],
)
def test_a_copy_is_known(title: str, text: str) -> None:
    copy = told(title, text, hours=5)
    found = like(ORIGINAL, copy)
    assert found is not None
    assert found.kind == "copy"
    assert share_a_key(keys(ORIGINAL), keys(copy))


def test_a_text_published_again_is_known_for_twice_the_window() -> None:
    assert like(ORIGINAL, told(TITLE, TEXT, hours=140)) is not None
    assert like(ORIGINAL, told(TITLE, TEXT, hours=145)) is None


def test_half_a_text_is_known_within_the_window_only() -> None:
    half = " ".join(WORDS[:52])
    assert like(ORIGINAL, told(TITLE, half, hours=60)) is not None
    assert like(ORIGINAL, told(TITLE, half, hours=80)) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param("تمديد مهلة التسجيل في المدارس", OTHER, id="another text"),
        pytest.param("وزارة التربية تمدد التسجيل", f"{OTHER} {END}", id="the same furniture"),
    ],
)
def test_what_is_no_copy_joins_nothing(title: str, text: str) -> None:
    assert like(ORIGINAL, told(title, text)) is None


def test_a_template_told_anew_on_another_day_is_another_report() -> None:
    form = (
        "بعث أمير المنطقة اليوم {day} برقية تهنئة إلى رئيس {country} بذكرى استقلال بلاده عبر فيها "
        "باسمه وباسم الأهالي عن أطيب التمنيات بالصحة والسعادة لفخامته ولشعب {country} الصديق مزيدا "
        "من التقدم منوها بتميز العلاقات مع {country} في جميع المجالات وتلقى برقية مماثلة من سفير "
        "{country} شكر فيها القيادة على مواقفها من {country} في المحافل الدولية"
    )
    one = told("الأمير يهنئ رئيس المالديف", form.format(day="الأحد", country="المالديف"))
    other = told("الأمير يهنئ رئيس كولومبيا", form.format(day="الثلاثاء", country="كولومبيا"), 48)
    assert like(one, other) is None


def test_a_stock_phrase_joins_nothing() -> None:
    stock = "نوافيكم بالتفاصيل في نشرتنا القادمة بعد قليل"
    one, other = told("زلزال يضرب جنوب البلاد", stock), told("تعيين وزير جديد للمالية", stock)
    assert like(one, other) is None


def test_articles_without_words_are_like_nothing() -> None:
    assert like(told("", ""), told("", "")) is None
    assert keys(told("", "")).spelled() == ()


def test_keys_do_not_change_between_runs() -> None:
    spelled = keys(told("one two three", "four five six seven eight nine")).spelled()
    assert spelled[0] == "c:a88823a1"
    assert len([key for key in spelled if key.startswith("c:")]) == 43


@pytest.mark.parametrize("start", range(0, 60, 6))
def test_edited_copies_find_each_other(start: int) -> None:
    changed = " ".join([*WORDS[:start], "تقريبا", *WORDS[start + 4 :]])
    assert share_a_key(keys(ORIGINAL), keys(told("عنوان من وكالة أخرى", changed)))
