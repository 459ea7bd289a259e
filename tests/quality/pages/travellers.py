"""A second lot of whole pages, written after the rules had learned of the first and before they
were measured on these."""
# ruff: noqa: E501 - pages are written in such lines

import json
from collections.abc import Mapping

from tests.quality.pages.outlet import LEAD, OTHERS, Page, Seen, document, link, links, woven
from tests.quality.pages.texts import Story


def place_day_agency(story: Story) -> Seen:
    """The first paragraph begins with place, day and agency; rates of money in a column."""
    first, *rest = story.paragraphs
    texts = "".join(f"<p>{each}</p>" for each in rest)
    return Seen(
        day="2026-03-14",
        either="المدينة 14-3-2026 وفق- م.ل/ر.س",
        html=document(
            f"<title>{story.title} | وفق</title>",
            f"""<div class="wrap"><div class="cat-name"><a href="/r">شؤون إيرانية</a></div><h1>{story.title}</h1><img src=1.jpg>
<div class="body-c"><p>المدينة 14-3-2026 وفق- {first}</p>{texts}<p>م.ل/ر.س</p></div>
<div class="rates"><table><tr><td>روبل روسي</td><td>12.4</td></tr><tr><td>دولار</td><td>3.7</td></tr></table></div>
<div class="see"><b>مواضيع ذات صلة</b>{links("div", 3)}</div></div>""",
        ),
    )


def national_agency(story: Story) -> Seen:
    """Weekday, day and hour above the headline with the section; a row of signs and initials below."""
    first, *rest = story.paragraphs
    text = "<br/><br/>".join((f"وطنية - {first}", *rest))
    return Seen(
        day="2026-03-14",
        either="وطنية - ============= ج.س",
        html=document(
            f"<title>الوكالة - {story.title}</title>",
            f"""<div class="ln"><ul><li><a href="/1">11:20 {OTHERS[1]}</a></li><li><a href="/2">11:05 {OTHERS[3]}</a></li></ul></div>
<div class="single"><div class="d">السبت 14 آذار 2026 الساعة 09:32 | سياسة</div><h3 class="t">{story.title}</h3><div class="txt">{text}<br/><br/>=============<br/>ج.س</div><a class="pr" href="#">طباعة</a></div>""",
        ),
    )


def jetpack(story: Story) -> Seen:
    """WordPress with Jetpack's buttons and its related posts with excerpts, names stripped."""
    related = "".join(
        f'<div><a href="/p{n}"><img src=r.jpg></a><h4>{link(n)}</h4><p>{LEAD}</p><p>1{n} مارس، 2026</p><p>في "دولي"</p></div>'
        for n in range(2)
    )
    return Seen(
        day="2026-03-14",
        html=document(
            f'<title>{story.title} – النيل برس</title><meta property="og:site_name" content="النيل برس">',
            f"""<article id="post-77"><h1>{story.title}</h1><div>بواسطة <a href="/a">المحرر</a> في <time datetime="2026-03-14T08:00:00+02:00">14 مارس، 2026</time> - <a href="#c">لا تعليقات</a></div>
<div>{woven(story, at=9)}<div><h3>شارك هذا الموضوع:</h3><ul><li><a href="#">انقر للمشاركة على فيسبوك (فتح في نافذة جديدة)</a></li><li><a href="#">انقر للمشاركة على X (فتح في نافذة جديدة)</a></li></ul></div>
<div><h3>معجب بهذه:</h3><span>إعجاب</span> <span>تحميل...</span></div><div><h3><em>مرتبط</em></h3>{related}</div></div></article>""",
        ),
    )


def hours_list(story: Story) -> Seen:
    """A day's coverage as a list of terms: the hour, and what happened then."""
    items = "".join(f"<dt>1{n}:05</dt><dd>{text}</dd>" for n, text in enumerate(story.paragraphs))
    return Seen(
        day="2026-03-14",
        either="10:05 11:05 12:05 13:05 14:05 15:05",
        html=document(
            f"<title>{story.title} - لحظة بلحظة</title>",
            f"""<section><h1>{story.title}</h1><p>14/03/2026</p><dl class="tl">{items}</dl><p><a href="/live/3">تغطية أخرى: {OTHERS[2]}</a></p></section>""",
        ),
    )


def web_story(story: Story) -> Seen:
    """An AMP story: a paragraph a screen, and at the end what to see next."""
    screens = "".join(
        f'<amp-story-page id="s{n}"><amp-story-grid-layer template="vertical"><p>{text}</p></amp-story-grid-layer></amp-story-page>'
        for n, text in enumerate(story.paragraphs)
    )
    return Seen(
        day="2026-03-14",
        html=document(
            f'<title>{story.title}</title><meta property="article:published_time" content="2026-03-14T06:00:00Z">',
            f"""<amp-story standalone title="{story.title}"><amp-story-page id="c"><amp-story-grid-layer><h1>{story.title}</h1></amp-story-grid-layer></amp-story-page>{screens}
<amp-story-page id="z"><amp-story-grid-layer><h2>شاهد أيضا</h2><p><a href="/w/2">{OTHERS[0]}</a></p></amp-story-grid-layer></amp-story-page></amp-story>""",
        ),
    )


def folded_rest(story: Story) -> Seen:
    """All but the first paragraph is folded behind a button."""
    first, *rest = story.paragraphs
    texts = "".join(f"<p>{each}</p>" for each in rest)
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="news-item"><h1>{story.title}</h1><div class="info-line">14 مارس 2026 | 09:32</div><div class="text-part"><p>{first}</p><div class="read-more-target" style="max-height:0">{texts}</div><label class="read-more-trigger">اقرأ المزيد</label></div>
<div class="feed-2"><h5>{link(0)}</h5><h5>{link(4)}</h5></div></div>""",
        ),
    )


def wall_of_payment(story: Story) -> Seen:
    """A pitch for subscribers below what is shown, longer than a short report."""
    pitch = "<p>انضم إلى آلاف القراء الذين يتابعون تحليلاتنا عن روسيا وإيران وأسواق الطاقة كل صباح.</p><p>اشتراك شهري بثلاثة دولارات، ويمكنك الإلغاء في أي وقت.</p>"
    return Seen(
        day="2026-03-14",
        html=document(
            f"""<title>{story.title} | دفتر الاقتصاد</title><script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": story.title, "datePublished": "2026-03-14", "isAccessibleForFree": False}, ensure_ascii=False)}</script>""",
            f"""<main><article><h1>{story.title}</h1>{woven(story, at=9)}</article><div class="pw"><h2>أكمل القراءة مع دفتر الاقتصاد</h2>{pitch}<a href="/sub">اشترك الآن</a> <a href="/login">لديك حساب؟ سجل الدخول</a></div></main>""",
        ),
    )


def contents(story: Story) -> Seen:
    """A list of contents of marks within the page, between headline and text, without names."""
    marks = "".join(
        f'<li><a href="#h{n}">{text}</a></li>'
        for n, text in enumerate(("الموقف الروسي من الأزمة", "ماذا تريد طهران؟", "خلاصة"))
    )
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="page"><h1>{story.title}</h1><p>كتب: {story.byline} - 14 مارس 2026</p><div><p>في هذا المقال</p><ol>{marks}</ol></div>{woven(story, at=9)}</div>""",
        ),
    )


def life_above(story: Story) -> Seen:
    """The writer's life in two sentences above the text, in boxes without names."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} - آراء</title>",
            f"""<div><div><a href="/w/7"><img src=w.jpg></a><div><a href="/w/7">{story.byline}</a><p>باحثة في الشؤون الروسية، حاصلة على الدكتوراه في العلاقات الدولية من جامعة موسكو. صدر لها كتابان عن إيران.</p></div></div>
<h1>{story.title}</h1><div>السبت 14 مارس 2026</div><div>{woven(story, at=9)}</div></div>""",
        ),
    )


def paid_prose(story: Story) -> Seen:
    """A sponsor's paragraphs in the middle, marked by one word above them."""
    paid = "<div><span>محتوى برعاية</span><p>تقدم شركة الأسفار رحلات أسبوعية إلى موسكو وسانت بطرسبرغ بأسعار تبدأ من 300 دولار للشخص.</p></div>"
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div id="art"><h1>{story.title}</h1><em>نشر يوم السبت ١٤ مارس ٢٠٢٦</em>{woven(story, paid, start="<div>", end="</div>")}</div>""",
        ),
    )


def latin_claim(story: Story) -> Seen:
    """windows-1256 that claims iso-8859-1, in frames of tables, the day in words above."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<table><tr><td>{link(0)}</td><td>{link(1)}</td></tr></table><table><tr><td><b>{story.title}</b></td></tr><tr><td>الرابع عشر من آذار 2026</td></tr><tr><td>{woven(story, at=9, start="", end="", by="<br><br>")}</td></tr></table>""",
            "windows-1256",
            "iso-8859-1",
        ),
    )


def day_below(story: Story) -> Seen:
    """Writer and day stand below the text; a related report in the text with a label of one word."""
    box = f'<div class="bx"><strong>مقال ذو صلة</strong><div><a href="/x/8"><img src=8.jpg alt=""></a><p>{OTHERS[5]}</p></div></div>'
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} - القبس الجديد</title>",
            f"""<div class="main-article"><h1>{story.title}</h1><div class="article-main-text">{woven(story, box)}</div><div class="under"><span>{story.byline}</span><span>السبت 14 مارس 2026 3:02 ص</span></div></div>""",
        ),
    )


def question_answer(story: Story) -> Seen:
    """A question that a reader sent and its answer; numbers of the answer; other questions."""
    question, *answer = (story.title, *story.paragraphs)
    texts = "".join(f"<p>{each}</p>" for each in answer)
    return Seen(
        day="2026-03-14",
        either="السؤال الجواب " + story.title,
        html=document(
            f"<title>{story.title} - استشارات</title>",
            f"""<div class="fa"><h1>{story.title}</h1><ul class="facts"><li>رقم الاستشارة: 48213</li><li>تاريخ النشر: السبت 25 رمضان 1447 هـ - 14-3-2026 م</li><li>عدد المشاهدات: 310</li></ul><div><h4>السؤال</h4><p>{question}</p></div><div><h4>الجواب</h4>{texts}</div>
<div class="oth"><h4>استشارات أخرى</h4><a href="/q/1">هل السفر إلى موسكو آمن؟</a><a href="/q/2">حكم التجارة مع إيران</a></div></div>""",
        ),
    )


def written_on(story: Story) -> Seen:
    """A local paper: 'written on', two days, the first that of writing; a video's line in the text."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="cont"><h1 class="tt">{story.title}</h1><div class="tm">حرر بتاريخ: 14 مارس 2026 - 22:10، عدل بتاريخ: 15 مارس 2026 - 08:05</div><div class="cc">{woven(story, f'<p>بالفيديو.. {OTHERS[4]}</p><iframe src="https://www.youtube.com/embed/x"></iframe>')}</div><p class="fb">تابعوا آخر أخبار روسيا على صفحتنا في فيسبوك</p></div>""",
        ),
    )


TRAVELLERS: Mapping[str, Page] = {
    page.__name__: page
    for page in (
        place_day_agency, national_agency, jetpack, hours_list, web_story, folded_rest,
        wall_of_payment, contents, life_above, paid_prose, latin_claim, day_below,
        question_answer, written_on,
    )
}  # fmt: skip
