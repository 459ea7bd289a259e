"""Words by which Arabic sites mark what is not the article: folded, and compared folded."""

import re
from typing import Literal, TypeAlias

Payment: TypeAlias = Literal["paid", "asked"]

_SPELLINGS = tuple(zip("أإآٱىةؤئ", "اااايهوي", strict=True))
_MARKS = re.compile("[ـ\u064b-\u0652\u0670]+")
_EDGE = r"[\W_]*"


def _spelt(text: str) -> str:
    for written, spelt in _SPELLINGS:
        text = text.replace(written, spelt)
    return text


def _pattern(source: str) -> re.Pattern[str]:
    """A pattern for folded text, whichever way its letters are written here."""
    return re.compile(_spelt(source), re.IGNORECASE)


# Leads away from the article, to another one or a box of others: 'read also' and its like.
_LEAD_IN = _pattern(
    rf"^{_EDGE}(?:"
    r"(?:شاهد|شاهدوا|اقرا|اقراوا|اقري|اقرؤوا|طالع|طالعوا|انظر)\s+(?:ايضا\w?|كذلك|المزيد)"
    r"|(?:مواضيع|موضوعات|مقالات|اخبار|تقارير|قصص|مواد|ملفات|محتوى|روابط)\s+(?:ذات|دات)\s+(?:ال)?صله"
    r"|(?:ذات|دات) (?:ال)?صله(?: بالموضوع)?|(?:مواضيع|مقالات|اخبار|موضوعات|تقارير) (?:مرتبطه|"
    r"مشابهه|متعلقه)"
    r"|(?:مقال|خبر|موضوع|تقرير) (?:ذو|ذات|ذا) صله"
    r"|(?:مواضيع|موضوعات|مقالات|اخبار|قصص|مواد) (?:قد |ربما )?(?:تهمك|يهمك|تعجبك|تهمكم|تعجبكم)"
    r"|(?:وقد |قد |ربما )(?:يهمك|تهمك|يعجبك|تعجبك|تحب)(?:م)?(?: ايضا\w?| مشاهده| قراءه)*"
    r"|للمزيد اقرا|لقراءه المزيد|اقرا التالي|اقرا في .{2,25}:"
    r"|read (?:also|more)|see also|related (?:articles|posts|news|stories)"
    rf")(?=[^\w]|$)(?:\s*(?:هذا |هذه )?(?:المقال|المقاله|الخبر|الموضوع)?\s*[:：])?{_EDGE}"
)
# So do these, but only alone, before a colon or in a link: a sentence may begin with them, too.
_LABEL_IN = _pattern(
    rf"^{_EDGE}(?:"
    r"(?:ال)?اكثر (?:قراءه|مشاهده|تداولا|شعبيه|تعليقا|شيوعا)|(?:اخر|احدث|اهم|ابرز|"
    r"شريط) (?:ال)?(?:اخبار|انباء)"
    r"|(?:الخبر|المقال|الموضوع) (?:السابق|التالي)|(?:مقالات|اخبار|مواضيع|موضوعات) (?:الكاتب|"
    r"اخرى|اضافيه)"
    r"|(?:اقرا|شاهد|طالع|انظر|شاهد بالفيديو|شاهدوا|اقراوا|بالفيديو|بالصور|فيديو|للمزيد|المزيد|"
    r"مختارات|"
    r"اخترنا لك(?:م)?|نرشح لك(?:م)?|موصى به|محتوى (?:دعائي|ممول)|لا يفوتك|من نفس القسم|ايضا|"
    r"(?:و)?(?:تابع|يقرا|تابعوا) (?:ايضا|كذلك)|(?:ال)?مزيد)"
    r"|(?:المزيد|للمزيد) (?:من|عن|حول) \S+(?: \S+){0,3}"
    r"|(?:في|محتويات) هذا (?:المقال|التقرير|الموضوع)|(?:جدول |قائمه )?المحتويات"
    r"|related|most read|more from .{2,30}|trending|latest news|popular"
    rf")(?=[^\w]|$)"
)
_AFTER_LABEL = re.compile(r"\s*(?:[:：|؟«»<>›‹←→\-–—•]+|\.{2,}|…)\s*")
# Invites to other places of the outlet; each is a line of its own.
_PLACES = (
    r"(?:تلغرام|تلجرام|تيليجرام|تليجرام|تيليغرام|تليغرام|تلكرام|واتساب|واتس اب|فيسبوك|تويتر|"
    r"انستغرام|"
    r"انستجرام|يوتيوب|اخبار غوغل|غوغل نيوز|جوجل نيوز|google news|telegram|النشره|قناتنا|قنواتنا|"
    r"صفحتنا|حسابنا|حساباتنا|تطبيقنا|منصاتنا|بريدك)"
)
# What a system writes where a post of another site is shown, or would be, on buttons, and for those
# who have the page read to them.
_OF_SYSTEM = (
    r"(?:تخط[يا] .{2,60}(?:القراءه|المحتوي)|(?:انتقل|الانتقال) الي المحتوي|skip to .{2,20}content"
    r"|انقر (?:للمشاركه|لارسال|للطباعه|هنا)|(?:معجب بهذه|(?:اعجاب )?تحميل)[\s.:…]*$"
    r"|هل تسمح بعرض .{0,40}؟$|(?:عرض|مشاهده) هذا المنشور (?:علي|في) .{0,30}$"
    r"|(?:تمت مشاركه منشور|منشور تمت مشاركته|view this (?:post|photo) on"
    r"|a (?:post|photo) shared by).{0,120}$)"
)
_INVITE = _pattern(
    rf"^{_EDGE}(?:"
    rf"(?:تابعنا|تابعونا).{{0,80}}|(?:شاركنا|شاركونا).{{0,25}}|(?:تابع|تابعوا|لمتابعه|"
    rf"لمتابعتنا).{{0,60}}{_PLACES}"
    rf"|(?:انضم|انضموا|اشترك|اشتركوا|للانضمام|للاشتراك|حمل|حملوا|لتحميل) .{{0,50}}(?:{_PLACES}|"
    rf"تطبيق)"
    r"|(?:لمتابعه|تابع|تابعوا) (?:كل )?(?:اخر|احدث|اهم|المزيد|جديد) .{0,70}"
    r"|(?:شارك|شاركوا|انشر) (?:هذا |هذه )?(?:الخبر|المقال|الموضوع|الصفحه|المقاله)"
    r"|(?:سجل|سجلوا|اشترك|اشتركوا) (?:الان )?(?:في|ب|ل)\s?.{0,30}(?:نشر\S+ البريد|بريدي).{0,40}"
    rf"|(?:للاشتراك|للانضمام) (?:في|الي|ب) ?(?:ال)?(?:قناه|مجموعه).{{0,40}}"
    r"|(?:قناه|قناتنا|قنواتنا|صفحه|صفحتنا|حسابنا|مجموعه) .{0,40}"
    rf"(?:علي|في|عبر) {_PLACES}.{{0,10}}"
    r"|(?:للتواصل|راسلونا|تواصلوا معنا|لمراسلتنا).{0,80}@[\w.]+"
    r"|(?:رابط|الرابط) (?:الخبر|المقال|الموضوع|الصفحه|مختصر|المختصر|قصير).{0,150}"
    rf"|join us|follow us|subscribe to|{_OF_SYSTEM}"
    r").{0,50}$"
)
# Everything below such a heading is not the article's.
_COMMENTS = _pattern(
    rf"^{_EDGE}(?:\d+\s*)?(?:"
    r"(?:ال)?تعليقات?(?: القراء| الزوار| الفيسبوك)?(?:\s*\(?\d+\)?)?|تعليق(?:ان|ين|ا)?(?: واحد)?"
    r"|(?:اترك|اضف|اكتب|ضع|ارسل) (?:تعليق\S*|ردا?|رد)(?: .{0,40})?"
    r"|شارك(?:نا|ونا)? (?:ب)?(?:رايك|تعليقك)(?: .{0,30})?|رايك يهمنا|ما رايك"
    r"|(?:اراء|ردود) (?:القراء|الزوار)(?: .{0,20})?|comments?(?:\s*\(?\d+\)?)?|"
    r"leave a (?:comment|reply).{0,20}"
    rf"){_EDGE}$",
)
_ON_AUTHOR = _pattern(
    rf"^{_EDGE}(?:(?:نبذه )?(?:عن|حول) (?:ال)?(?:كاتب|كاتبه|مولف|محرر)(?: .{{0,30}})?"
    rf"|الكاتب في سطور|about the author){_EDGE}$"
)
_MORE = _pattern(
    rf"^{_EDGE}(?:(?:اقرا|قراءة|شاهد|لقراءة|عرض|معرفة|اعرف|للمزيد من) ?(?:ال)?(?:مزيد|تفاصيل|"
    rf"كامل|الخبر|المقال)?"
    r"|(?:ال)?مزيد|(?:ال)?تفاصيل(?: اكثر)?|اقرا الخبر كاملا|تابع القراءة|read more|more|"
    r"continue reading)"
    rf"{_EDGE}$"
)
_TAGS = _pattern(
    rf"^{_EDGE}(?:"
    r"(?:ال)?كلمات (?:ال)?(?:مفتاحيه|دلاليه|دليليه|الدلاليه|المفتاحيه)|(?:ال)?وسوم|الاوسمه|تاغات|"
    r"تاجات|(?:ال)?هاشتا[جغق]\w*|العلامات|(?:في )?(?:ال)?تصنيف(?:ات)?|سحابه (?:ال)?(?:وسوم|"
    r"كلمات)|tags?|keywords?"
    r")\s*(?:[:：|\-–]|$)",
)
_COOKIES = _pattern(r"(?:ملفات (?:تعريف )?(?:ال)?(?:ارتباط|كوكيز)|الكوكيز|كوكيز|\bcookies?\b)")
_CONSENT = _pattern(
    r"(?:نستخدم|نحن نستعمل|يستخدم (?:هذا )?(?:الموقع|موقعنا)|تستخدم|موافق|اوافق|توافق|قبول|تجربتك|"
    r"تجربه|باستمرارك|بمتابعه|بمواصله|سياسه الخصوصيه|we use|accept)",
)
_RIGHTS = _pattern(
    r"(?:(?:جميع|كافه|كل) (?:ال)?حقوق (?:\S+ )?(?:محفوظه|النشر)|حقوق (?:النشر|الطبع) (?:محفوظه|"
    r"والنشر)|"
    r"لا (?:ت|ي)عبر(?:ان|ون)? (?:بالضروره )?(?:الا )?عن (?:راي|اراء|وجهه نظر|موقف|سياسه)|"
    r"(?:الاراء|المقالات|المواد|المشاركات) (?:الوارده|المنشوره) .{0,60}لا (?:ت|ي)(?:عبر|عكس|مثل)|"
    r"(?:الاخبار|المواد) المنشوره .{0,150}(?:للمشتركين|الاشتراك)|"
    r"(?:المقال|المقاله|المقالات|الاراء) (?:\w+ ){0,3}(?:ت|ي)عبر عن (?:راي|اراء|وجهات|وجهه)|"
    r"©|copyright|all rights reserved|powered by)",
)
# A line of nothing but these is a bar of buttons or numbers.
_LABELS = frozenset(
    _spelt(
        "شارك مشاركه المشاركه شير طباعه اطبع ارسال ارسل ايميل بريد البريد الالكتروني نسخ "
        "الرابط رابط "
        "فيسبوك الفيسبوك تويتر اكس واتساب واتس اب تلغرام تليجرام تلجرام تيليجرام لينكد ان بنترست "
        "انستغرام انستجرام يوتيوب ماسنجر فايبر ريديت facebook twitter x whatsapp telegram linkedin "
        "pinterest instagram youtube messenger email print share copy link viber reddit "
        "حجم الخط تكبير تصغير الخط اكبر اصغر ا ا+ ا- a+ a- حفظ المقال الخبر استمع للخبر "
        "مشاهده مشاهدات المشاهدات قراءه القراءات عدد قراء مره مرات الزيارات زياره views view "
        "الرئيسيه الصفحه "
        "تعليق تعليقات اعجاب اعجبني like likes comments دقيقه دقائق وقت مده للقراءه min read "
        "اقل من علي عبر الي الموقع هذا هذه لايك متابعه تابعنا قيم تقييم التقييم الاعجابات الاعلي "
        "السابق التالي اعلان اعلانات الاعلان advertisement ads المزيد "
        "الصفحات صفحات صفحه من تفاعل تفاعلات مع احببته احزنني اضحكني اغضبني ادهشني لم يعجبني"
    ).split()
)
_MONTH = (
    r"يناير|فبراير|مارس|ابريل|مايو|يونيو|يونيه|يوليو|يوليه|اغسطس|سبتمبر|اكتوبر|نوفمبر|ديسمبر|"
    r"كانون|شباط|"
    r"اذار|نيسان|ايار|حزيران|تموز|اب|ايلول|تشرين|جانفي|فيفري|افريل|ماي|جوان|جويليه|اوت|غشت|شتنبر|"
    r"نونبر|دجنبر|محرم|صفر|ربيع|جمادي|رجب|شعبان|رمضان|شوال|ذو|ذي|jan\w*|feb\w*|mar\w*|apr\w*|may|"
    r"jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
)
_DATE = _pattern(
    rf"\d{{1,4}}\s*[/.\-]\s*\d{{1,2}}\s*[/.\-]\s*\d{{1,4}}|"
    rf"\d{{1,2}}\s*[-\s/]?\s*(?:من\s+)?(?:{_MONTH})\b"
    rf"|\b(?:{_MONTH})\s+\d|(?:منذ|قبل)\s+(?:\d+\s+)?(?:ثاني|ثوان|دقيق|دقايق|ساع|يوم|ايام|اسبوع|"
    rf"اسابيع|شهر)"
    r"|^\W*\d{1,2}:\d{2}(?::\d{2})?\W*(?:ص|م|am|pm|صباحا|مساء)?\W*$",
)
_TIME = _pattern(
    r"^\W*(?:الساعة\s*)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:ص|م|am|pm|صباحا|مساء|gmt|"
    r"بتوقيت \S+)?\W*$"
)
_DATE_WORDS = _pattern(
    rf"(?:\b(?:السبت|الاحد|الاثنين|الاتنين|الثلاثاء|الاربعاء|الخميس|الجمعه|الساعه|نشر|نشرت|تم|"
    rf"النشر|تاريخ|"
    rf"اخر|تحديث|التحديث|حرر|عدل|اضيف|بتاريخ|الانشاء|في|من|الموافق|بتوقيت|غرينتش|جرينتش|مكه|المكرمه|المحلي|صباحا|مساء|ظهرا|"
    rf"ص|م|هـ|ه|"
    rf"ميلادي|هجري|منذ|قبل|ثانيه|دقيقه|دقائق|دقايق|ساعه|ساعات|يوم|ايام|اسبوع|am|pm|gmt|utc|"
    rf"الاول|الثاني|الاولي|الثانيه|الاخر|القعده|الحجه|يوما|و|على|علي|{_MONTH})\b|[\d\W_]+)",
)
_BYLINE = _pattern(
    rf"^{_EDGE}(?:كتب|كتبت|كتبه|كتبها|كتب بواسطه|نشر بواسطه|بواسطه|بقلم|تحرير|المحرر|محرر|اعداد|"
    rf"ترجمه|الكاتب|الكاتبه|المولف|"
    rf"تقرير|"
    r"حاوره|تصوير|by|author)\s*[:：\-–/|]\s*[^.؟!]{2,50}$"
    rf"|^{_EDGE}(?:كتب|كتبت|بقلم|by)\s+[^.؟!:]{{2,40}}$",
)
_CRUMBS = _pattern(
    r"^(?:(?:انت هنا|you are here)[\s:]*)?(?:الصفحه\s+)?(?:الرييسيه|الرئيسيه|home)"
    r"\s*[/\\»«›‹>|→←\-–:·•].{0,400}$",
)
_CAPTION = _pattern(
    r"^\W*(?:صوره|الصوره|في الصوره|تصوير|لقطه|من الارشيف|ارشيف|photo|image|credit)\b"
    r"|[(/|–—\-]\s*(?:ال)?(?:صوره )?(?:ارشيف\w*|رويترز|ا\s?ف\s?ب|فرانس برس|اسوشيتد برس|ا\s?ب|"
    r"اناضول|غيتي|"
    r"جيتي|getty\w*|reuters|afp|ap|epa|انترنت|مواقع التواصل|وكالات|سبوتنيك|تاس)[^()]{0,20}\)?\W*$"
)
# What boards show of those who write on them.
_MEMBER = _pattern(
    rf"(?:^|\n){_EDGE}(?:(?:ال)?مشاركات\s*[:：]?\s*[\d,]+|تاريخ (?:ال)?(?:تسجيل|انضمام)\b|"
    r"join(?:ed)? date|posts\s*:\s*\d)"
)
_BREAKING = _pattern(rf"^{_EDGE}(?:عاجل|الان|خبر عاجل|شريط الاخبار|اخر الاخبار)\s*[:|\-–•]")
# A sponsor's text, by the words that have to stand above it; and what asks readers to pay.
_PAYMENT = _pattern(
    rf"^{_EDGE}(?:(?P<paid>(?:محتوي|ماده|مقال|تقرير|اعلان)\w* (?:ب?رعايه|ممول\w*|مدفوع\w*|"
    r"اعلاني\w*|دعايي\w*|تسويقي\w*|تجاري\w*)(?: .{0,40})?|sponsored(?: content| by .{2,40})?)"
    r"|(?:اشترك\w*|اشتراك|للاشتراك|سجل\w* (?:ال)?دخول\w*|تسجيل الدخول|لديك حساب.{0,40}|"
    r"اكمل القراءه.{0,50}|subscribe(?: now)?|log ?in|sign in)(?: (?:الان|معنا|مجانا|لدينا))?"
    rf"(?:.{{0,4}}(?:سجل الدخول|تسجيل الدخول))?){_EDGE}$"
)
# Below a text: who reported, with which agency, and that it ends here.
_END_MARK = _pattern(rf"^{_EDGE}(?:انتهي|النهايه|انتهت)\W*(?:\w{{1,3}}\W+){{0,4}}\w{{0,3}}\W*$")
_CONTRIBUTED = _pattern(
    rf"^{_EDGE}(?:شارك\w*|ساهم\w*|اسهم\w*) في (?:ال)?(?:تغطيه|اعداد|تقرير|تحرير|كتابه)\b.{{0,60}}$"
    rf"|^{_EDGE}(?:اعداد|تحرير|تغطيه|ترجمه|مراجعه)(?: و\w+)?\s?[:：].{{2,60}}$"
)
_SOURCE = _pattern(rf"^{_EDGE}(?:ال)?مصدر\s*[:：/|\-–].{{2,50}}$")
_AGENCY = _pattern(
    r"(?:وكالات|رويترز|فرانس برس|اسوشيتد برس|سبوتنيك|الاناضول|شينخوا|reuters|afp|ap|dpa|xinhua)"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_LONGEST_CREDIT, _MOST_IN_CREDIT, _INITIALS = 70, 9, 2
_ARABIC = re.compile("[\u0621-\u064a]")
_ENDS = (".", "؟", "!", "?", "。", "…")
_QUOTES = frozenset('»"”')
_CLOSED_BY = ' \t\r\n\u00a0»"”)]'
_WORD = re.compile(r"[\w+\-]+")
# A lead-in with one headline; a longer paragraph that begins so is prose.
LONGEST_LEAD_IN = 250
_LONGEST_LABELS = 150
_LONGEST_HEADING = 80


# Quicker to look for than the patterns, which need one of these.
_OF_COOKIES = ("كوكيز", "ارتباط", "cookie")
_OF_RIGHTS = ("حقوق", "عبر", "المنشوره", "الوارده", "©", "copyright", "reserved", "powered")
_OF_PAYMENT = (
    "برعايه", " ممول", " مدفوع", " دعايي", "ماده اعلاني", "محتوي اعلاني", "محتوي تجاري",
    "محتوي تسويقي", "اشترك", "للاشتراك", "الدخول", "اكمل القراءه", "sponsored", "subscribe",
    "log in", "login", "sign in",
)  # fmt: skip
_OF_BOARDS = ("مشاركات", "تاريخ التسجيل", "تاريخ الانضمام", "join", "posts")
_LONGEST_NOTICE = 400


def fold(text: str) -> str:
    """Letters in one spelling, without marks; lower case."""
    return _spelt(_MARKS.sub("", text)).lower()


def lead_in(folded: str) -> str | None:
    """What follows 'read also' on this line: a headline, or '' where it stands alone; else None."""
    if len(folded) > LONGEST_LEAD_IN:
        return None
    found = _LEAD_IN.match(folded)
    return None if found is None else folded[found.end() :].strip()


def label_in(folded: str, *, linked: bool) -> str | None:
    """The same for 'most read', 'video' and so on: words that may begin a sentence of the text."""
    found = _LABEL_IN.match(folded) if len(folded) <= LONGEST_LEAD_IN else None
    if found is None:
        return None
    rest = folded[found.end() :]
    parted = _AFTER_LABEL.match(rest)
    if parted is not None:
        return rest[parted.end() :].strip()
    return rest.strip() if linked or not rest.strip() else None


def is_notice(folded: str) -> bool:
    """An invitation to follow, tags, a bar of buttons, a notice of rights."""
    if len(folded) > _LONGEST_NOTICE:
        return False
    return is_labels(folded) or is_invite(folded) or is_tag_line(folded) or is_rights_notice(folded)


def is_more(folded: str) -> bool:
    """'Read more', as a link under a teaser."""
    return _MORE.match(folded) is not None


def is_invite(folded: str) -> bool:
    return len(folded) <= 200 and _INVITE.match(folded) is not None


def begins_comments(folded: str) -> bool:
    return len(folded) <= _LONGEST_HEADING and _COMMENTS.match(folded) is not None


def begins_portrait(folded: str) -> bool:
    return len(folded) <= _LONGEST_HEADING and _ON_AUTHOR.match(folded) is not None


def is_tag_line(folded: str) -> bool:
    if len(folded) > 400:
        return False
    if folded.startswith("#"):
        words = folded.split()
        return len(words) >= 2 and all(word.startswith("#") for word in words)
    return _TAGS.match(folded) is not None


def may_name_cookies(folded: str) -> bool:
    return any(word in folded for word in _OF_COOKIES)


def is_cookie_notice(folded: str) -> bool:
    return (
        len(folded) <= 600
        and may_name_cookies(folded)
        and _COOKIES.search(folded) is not None
        and _CONSENT.search(folded) is not None
    )


def is_rights_notice(folded: str) -> bool:
    return (
        len(folded) <= 250
        and _holds_one_of(folded, _OF_RIGHTS)
        and _RIGHTS.search(folded) is not None
    )


def is_labels(folded: str) -> bool:
    """Names of buttons and counters, and nothing else."""
    if len(folded) > _LONGEST_LABELS:
        return False
    first = _WORD.search(folded)
    if first is None or not _is_label(first[0]):  # as most blocks begin
        return False
    words = _WORD.findall(folded)
    return (
        len(words) <= 16
        and all(map(_is_label, words))
        and not all(word.strip("+-").isdigit() for word in words)
    )


def _is_label(word: str) -> bool:
    return word in _LABELS or word.strip("+-").isdigit() or not word.strip("+-_")


def is_date_line(folded: str) -> bool:
    """A date or time, with the words that go with it and a name at most."""
    return _words_beside_date(folded) <= 3


def is_date_alone(folded: str) -> bool:
    return _words_beside_date(folded) == 0


def is_dated(folded: str) -> bool:
    """A date with what a byline may have beside it."""
    return _words_beside_date(folded) <= 6


def _words_beside_date(folded: str) -> int:
    if len(folded) > 160 or _DATE.search(folded) is None:
        return 1_000
    return len(_DATE_WORDS.sub(" ", folded).split())


def names_a_date(folded: str) -> bool:
    return _DATE.search(folded) is not None


def is_time(folded: str) -> bool:
    """A time of day and nothing else."""
    return _TIME.match(folded) is not None


def may_be_board(folded: str) -> bool:
    return any(word in folded for word in _OF_BOARDS)


def is_of_member(folded: str) -> bool:
    """How much a member of a board has written, and since when."""
    return len(folded) <= _LONGEST_LABELS and _MEMBER.search(folded) is not None


def is_byline(folded: str) -> bool:
    return len(folded) <= 70 and _BYLINE.match(folded) is not None


def is_credit(folded: str) -> bool:
    """The line below a text that names its editors' initials or agency, or says that it ends."""
    if len(folded) > _LONGEST_CREDIT or ends_a_sentence(folded.rstrip("/ ")):
        return False
    if _SOURCE.match(folded) is not None:
        return False  # many count it to the text
    if _END_MARK.match(folded) is not None or _CONTRIBUTED.match(folded) is not None:
        return True
    names = _LETTERS.findall(folded)
    if not 0 < len(names) <= _MOST_IN_CREDIT:
        return False
    initials = sum(len(name) <= _INITIALS for name in names)
    marked = any(mark in folded for mark in "/(")
    if marked and initials * 2 >= len(names):
        return True
    known = all(len(name) <= _INITIALS or _AGENCY.fullmatch(name) for name in names)
    return known and len(folded) > _INITIALS and not any(map(str.isdigit, folded))


def _holds_one_of(folded: str, words: tuple[str, ...]) -> bool:
    for word in words:  # noqa: SIM110 - asked for each block, and twice as fast as any()
        if word in folded:
            return True
    return False


def may_be_paid(folded: str) -> bool:
    return _holds_one_of(folded, _OF_PAYMENT)


def payment(folded: str) -> Payment | None:
    """'paid': what stands above a sponsor's text; 'asked': a button or heading of a box that asks
    to subscribe or to log in."""
    found = _PAYMENT.match(folded) if len(folded) <= _LONGEST_CREDIT else None
    if found is None:
        return None
    return "asked" if found["paid"] is None else "paid"


def is_foreign(text: str) -> bool:
    """Whether a line has no Arabic letter."""
    return _ARABIC.search(text) is None


def is_breadcrumb(folded: str) -> bool:
    return _CRUMBS.match(folded) is not None


def is_caption(folded: str) -> bool:
    return _CAPTION.search(folded) is not None


def is_breaking_strip(folded: str) -> bool:
    return len(folded) <= LONGEST_LEAD_IN and _BREAKING.match(folded) is not None


def ends_a_sentence(text: str) -> bool:
    bare = text.rstrip(_CLOSED_BY)
    return bare.endswith(_ENDS) or not _QUOTES.isdisjoint(text[len(bare) :])


# Spelt out instead of folded: what it finds is cut out of the text itself.
_ASIDE = re.compile(
    r"(?:^|(?<=[.؟!»\"”\s]))[(\[{|]*\s*(?:[إاأ]قر[أاآ](?:وا)?|شاهد(?:وا)?|"
    r"طالع(?:وا)?)\s+[أا]يض[اًـ]*\s*"
    r"[:：|][^.؟!\n)\]}]{5,200}(?:[.؟!)\]}]+|$)"
)


def without_aside(line: str) -> str:
    """A line less a 'read also: headline' within or after its sentences."""
    return _ASIDE.sub("", line).strip() if ":" in line or "|" in line else line
