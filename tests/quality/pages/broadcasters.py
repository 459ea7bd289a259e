"""Pages as the systems of broadcasters and news agencies make them, with what stands around."""
# ruff: noqa: E501 - pages are written in such lines

import json
from collections.abc import Mapping

from tests.quality.pages.outlet import LEAD, OTHERS, Page, Seen, document, link, links, woven
from tests.quality.pages.texts import Story


def more_on_cards(story: Story) -> Seen:
    """A numbered list of related cards in the text, a day in digits, a later update in Mecca's time."""
    cards = "".join(
        f'<li class="more-on__item"><span class="screen-reader-text">قائمة {n} من 2</span>'
        f'<article class="card"><h3 class="card__title">{link(n)}</h3></article></li>'
        for n in (1, 2)
    )
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} | أخبار | قناة المنارة</title>",
            f"""<a class="skip" href="#main">تخطي الروابط</a><div class="trend"><span>شائع الآن</span><ul>{links()}</ul></div>
<main id="main-content-area"><div class="container__inner"><header class="article-header"><h1>{story.title}</h1></header>
<figure class="featured"><img src=1.jpg><figcaption>مبنى الخارجية الروسية في موسكو (رويترز)</figcaption></figure>
<div class="info-block"><div class="date-simple"><span class="screen-reader-text">Published On 14/3/2026</span><span aria-hidden="true">14/3/2026</span></div>
<span class="dates__update">آخر تحديث: 15/3/2026 02:10 (توقيت مكة)</span></div>
<div class="wysiwyg wysiwyg--all-content">{woven(story, f'<div class="more-on"><h2 class="more-on__heading">اقرأ المزيد</h2><ul class="more-on__list">{cards}</ul><span class="screen-reader-text">نهاية القائمة</span></div>')}</div>
<div class="source"><span>المصدر</span>: <span>المنارة + وكالات</span></div></div></main>""",
        ),
    )


def hashed_sections(story: Story) -> Seen:
    """Hashed names; a region of links that says it can be skipped; consent for a foreign post."""
    region = f"""<section class="bbx-1qn" role="region" aria-labelledby="r1"><div><strong id="r1">مواضيع قد تهمك</strong></div>
<a href="#end-r1">تخطى مواضيع قد تهمك وواصل القراءة</a><ul role="list">{links()}</ul><p tabindex="-1" id="end-r1">مواضيع قد تهمك نهاية</p></section>"""
    consent = """<div class="bbx-99"><strong>هل تسمح بعرض المحتوى من X؟</strong><p>تحتوي هذه الصفحة على محتوى من موقع X. موافقتكم مطلوبة قبل عرض أي مواد لأنها قد تتضمن ملفات ارتباط وغيرها من الأدوات التقنية.</p><button>أوافق وأواصل</button></div>"""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} - بث عربي</title>",
            f"""<div id="root"><header class="bbx-0"><nav><ul>{links("li", 2)}</ul></nav></header><main role="main" class="bbx-fa0">
<div class="bbx-19"><h1 id="content" tabindex="-1" class="bbx-14g e1p3">{story.title}</h1></div>
<figure class="bbx-34"><div><img src=1.jpg alt="الكرملين"></div><span role="text">صدر الصورة، Getty Images</span><figcaption class="bbx-5"><span class="vh">التعليق على الصورة، </span><p>الرئيس الروسي في لقاء سابق بمدينة سوتشي</p></figcaption></figure>
<section role="region"><ul role="list" class="bbx-by"><li><span class="vh">Article information</span><ul><li><span>{story.byline}</span></li><li><span>مراسلة في القاهرة</span></li></ul></li></ul></section>
<div class="bbx-19"><time class="bbx-tm" datetime="2026-03-14">14 مارس/ آذار 2026</time><div>المدة: قراءة 4 دقائق</div></div>
{woven(story, region, consent, start='<div dir="rtl" class="bbx-19"><p class="bbx-1y">', end="</p></div>")}</main></div>""",
        ),
    )


def voiced_summary(story: Story) -> Seen:
    """A player that reads aloud, bullets made by a machine, a box of news in the text."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="live-strip"><span>بث مباشر</span> <a href="/live">الآن: مؤتمر صحفي من موسكو</a></div>
<div class="article-container"><div class="breadcrumb"><a href="/">الرئيسية</a> &gt; <a href="/russia">روسيا</a></div>
<h1 class="heading">{story.title}</h1><div class="info"><span class="tstamp">14 مارس 2026 - 09:32 بتوقيت أبوظبي</span><span>قناة الجسر - القاهرة</span></div>
<div class="listen"><button>استمع للمقال</button><span>1x</span><span>0:00 / 2:14</span><small>الصوت مولد بتقنية الذكاء الاصطناعي</small></div>
<div class="article-body">{woven(story, f'<div class="inner-news"><div class="ttl">أخبار ذات صلة</div><div class="itm"><a href="/a/1"><img src=2.jpg><div>{OTHERS[0]}</div></a></div></div>')}</div>
<div class="now-reading">قراءة الآن</div><div class="stags"><a href=/t/1>روسيا</a><a href=/t/2>طهران</a></div></div>""",
        ),
    )


def published_updated_line(story: Story) -> Seen:
    """Both times in one line, minutes to read, a place for advertisements with a 'read more'."""
    return Seen(
        day="2026-03-13",
        html=document(
            f'<title>{story.title} - المتوسط 24</title><meta property="og:updated_time" content="2026-03-14T10:20:00+01:00">',
            f"""<article class="t-content"><a class="t-content__tag" href="/x">الشرق الأوسط</a><h1 class="t-content__title">{story.title}</h1>
<div class="t-content__dates"><p class="m-pub-dates">نشرت في: 13/03/2026 - 23:12آخر تحديث: 14/03/2026 - 10:20</p></div>
<div class="t-content__reading">2 دقائق</div>
<div class="t-content__main-media"><img src=1.jpg><div class="cap">متظاهرون أمام السفارة الروسية. &copy; أ ف ب</div></div>
<div class="t-content__by">نص: <a href="/author">{story.byline}</a></div>
<div class="t-content__body">{woven(story, '<div class="o-self-promo"><span>إعلان</span></div><div class="pub"><a href="/x/1">إقرأ المزيد' + OTHERS[1] + "</a></div>")}
<p><em>المتوسط 24/ أ ف ب</em></p></div><div class="a-read-more"><div>تنزيل تطبيق المتوسط 24</div></div></article>""",
        ),
    )


def facts_list(story: Story) -> Seen:
    """A list of facts at the end: day, writer, topics, permanent address."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} | سياسة واقتصاد | الراين</title>",
            f"""<div id="bodyContent"><div class="col3"><h4 class="artikel">سياسة واقتصاد</h4><h1>{story.title}</h1>
<div class="longText">{woven(story, '<div class="picBox full"><a href="#"><img src=1.jpg></a><p>سفينة روسية في بحر قزوين</p></div>')}<p>ع.ح/ز.أ (د ب أ)</p></div></div>
<div class="col1"><ul class="smallList"><li><strong>تاريخ</strong> 14.03.2026</li><li><strong>الكاتب</strong> {story.byline}</li>
<li><strong>مواضيع</strong> <a href=/t>روسيا</a>, <a href=/t>إيران</a></li><li><strong>كلمات مفتاحية</strong> <a href=/t>موسكو</a></li>
<li><strong>الرابط الدائم</strong> https://r.example/4Xa</li></ul></div></div><div class="linkBox"><h2>مواضيع ذات صلة</h2>{links("div")}</div>""",
        ),
    )


def place_and_dashes(story: Story) -> Seen:
    """The text begins with places and the channel's name; two names of the month."""
    first, *rest = story.paragraphs
    texts = "".join(f"<p>{each}</p>" for each in rest)
    return Seen(
        day="2026-03-14",
        either="القاهرة، مصر (شبكة الأفق) --",
        html=document(
            f"<title>{story.title} - شبكة الأفق</title>",
            f"""<div class="layout-content"><div class="dateline"><span>نشر السبت، 14 مارس / آذار 2026</span> <span>3 دقائق قراءة</span></div>
<h1 class="page-title">{story.title}</h1><div class="thumb"><img src=1.jpg alt=""><span class="credit">Credit: AFP/Getty Images</span></div>
<div class="field--name-body"><p><strong>القاهرة، مصر (شبكة الأفق) --</strong> {first}</p>{texts}
<p>قد يهمك أيضاً</p><div class="embed-node"><a href="/a/9">{OTHERS[5]}</a></div></div>
<div class="vid"><h5>فيديو: {OTHERS[3]}</h5></div></div>""",
        ),
    )


def subscriber_note(story: Story) -> Seen:
    """An agency that says below each report how to subscribe to it; two days in one span."""
    return Seen(
        day="2026-03-13",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="row detay"><div class="col-md-10"><div class="spot-cat"><a href="/dunya">دولي</a></div><h1>{story.title}</h1>
<span class="tarih">{story.byline} | 13.03.2026 - محدث : 14.03.2026</span><img class="detay-foto" src=1.jpg alt="بوتين">
<div class="detay-icerik">{woven(story)}<div class="rights">الأخبار المنشورة على الصفحة الرسمية لوكالة الهضبة، هي اختصار لجزء من الأخبار التي تُعرض للمشتركين عبر نظام تدفق الأخبار. من أجل الاشتراك لدى الوكالة يُرجى الاتصال بالرابط التالي.</div></div>
<div class="detay-tag"><span>مواضيع مرتبطة</span><a href="/t">إيران</a> <a href="/t">قزوين</a></div>
<div class="bu-haberi">بشار هذه الصفحة <a href="#">Facebook</a></div></div></div>""",
        ),
    )


def news_code(story: Story) -> Seen:
    """A number for the report, day and time in Arabic digits, signs at the end, a form for comments."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} - وكالة السهل للأنباء</title>",
            f"""<div id="ribbon"><span>آخر الأخبار</span><ul>{links("li", 4)}</ul></div><article id="item" class="item news">
<div class="item-header"><div class="item-nav"><div class="item-date"><i></i><span>١٤ مارس ٢٠٢٦، ٥:٣٤ م</span></div><div class="item-code"><i></i><span>رمز الخبر: </span><span>84711203</span></div></div>
<div class="item-title"><h1 class="title"><a href="/news/84711203">{story.title}</a></h1></div></div>
<figure class="item-img"><img src=1.jpg></figure>
<div class="item-body"><div class="item-text">{woven(story, at=9)}<p>/انتهى/</p></div></div>
<div class="item-footer"><div class="box-code">رمز الخبر 84711203</div><section class="box tags"><h2>سمات</h2><ul><li><a href=/tag>بحر قزوين</a></li><li><a href=/tag>طهران</a></li></ul></section></div></article>
<section class="box related"><header><h2>أخبار ذات صلة</h2></header><ul>{"".join(f'<li class="news"><figure><img src=2.jpg></figure><div class="desc"><h3>{link(n)}</h3><time>١٢ مارس ٢٠٢٦</time></div></li>' for n in range(3))}</ul></section>
<section class="box comments"><h2>تعليقك</h2><form><input name=n><textarea></textarea></form></section>""",
        ),
    )


def greenwich_header(story: Story) -> Seen:
    """Today's day in two calendars in the head, the report's day in Greenwich's time."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>قناة الواحة - {story.title}</title>",
            f"""<header><div class="top-date">الأحد 15 مارس 2026 م الموافق 26 رمضان 1447 هـ</div><a href="/iran">إيران</a></header>
<div class="news-page"><h1 class="news-title">{story.title}</h1><h2 class="ajel">عاجل</h2><div class="news-meta"><span class="date">السبت ١٤ مارس ٢٠٢٦ - ٠٩:٣٠ بتوقيت غرينتش</span></div>
<div class="news-img"><img src=1.jpg><div class="img-desc">من اللقاء الذي عقد في طهران</div></div>
<div class="article-content">{woven(story)}</div><div class="keys"><span>كلمات دليلية:</span> <a href=/k>موسكو</a></div>
<div class="must"><div class="must-t">الأكثر مشاهدة</div>{links("div", 3)}</div></div>""",
        ),
    )


def state_wire(story: Story) -> Seen:
    """A state agency's wire in a table: the day stands only in the dateline, in two calendars."""
    first, *rest = story.paragraphs
    text = "<br>\n".join(
        (f"العاصمة 25 رمضان 1447 هـ الموافق 14 مارس 2026 م وأن<br>\n{first}", *rest)
    )
    return Seen(
        day="2026-03-14",
        either="العاصمة 25 رمضان 1447 هـ الموافق 14 مارس 2026 م وأن // انتهى // 12:32 ت م 0045",
        html=document(
            f"<title>عام / {story.title} وكالة الأنباء الوطنية</title>",
            f"""<table class="main"><tr><td class="menu"><a href=/1>محلي</a><br><a href=/2>عالمي</a></td><td>
<div class="divNewsTitle"><h1 id="lblTitle">{story.title}</h1></div><div class="divNewsDetailsText" style="text-align:justify">{text}<br>// انتهى //<br>12:32 ت م <br>0045</div>
<div class="tools"><a href="#">طباعة</a> <a href="#">حفظ</a></div></td><td class="side"><b>مواضيع متعلقة</b><br>{"<br>".join(link(n) for n in range(3))}</td></tr></table>""",
        ),
    )


def initials_below(story: Story) -> Seen:
    """A dateline without year; below the text the agency's name, initials, day and time."""
    first, *rest = story.paragraphs
    text = "<br/><br/>".join((f"العاصمة 14 آذار (بتر) -- {first}", *rest))
    return Seen(
        day="2026-03-14",
        either="العاصمة 14 آذار (بتر) -- --(بتر) م خ/ أ م/ س ق 14/03/2026 09:12:33",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="page"><div class="ticker-title">آخر الأخبار</div><marquee>{" | ".join(OTHERS)}</marquee>
<div class="details"><h2 class="title">{story.title}</h2><div class="text-body" id="news_body">{text}<br/><br/>--(بتر) م خ/ أ م/ س ق<br/>14/03/2026 09:12:33</div></div></div>""",
        ),
    )


def cp1256_wire(story: Story) -> Seen:
    """windows-1256 without a word of it; agency's dashes; the day beside the number of the report."""
    first, *rest = story.paragraphs
    text = "<br><br>".join((f"العاصمة - 14 - 3 (كوا) -- {first}", *rest))
    return Seen(
        day="2026-03-14",
        either="العاصمة - 14 - 3 (كوا) -- (النهاية) س م / ع ب",
        html=document(
            f"<title>{story.title} - وكالة الخليج</title>",
            f"""<table width=100%><tr><td><font size=2>{link(0)}</font></td></tr></table><table width=760 align=center><tr><td><font color=red size=4><b>{story.title}</b></font></td></tr>
<tr><td><font size=1>التاريخ : 14/03/2026</font></td></tr><tr><td><img src=1.jpg align=left></td></tr><tr><td><font size=3>{text} (النهاية) س م / ع ب</font></td></tr>
<tr><td><a href=print>نسخة للطباعة</a></td></tr></table>""",
            "windows-1256",
            "",
        ),
    )


def ministry(story: Story) -> Seen:
    """A ministry's press release: counters, a rating, a form to send it to a friend."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>المركز الإعلامي - {story.title}</title>",
            f"""<form id="aspnetForm"><div id="s4-workspace"><div class="gov-bar">موقع حكومي رسمي. روابط المواقع الرسمية تنتهي بـ gov</div>
<div class="lang">اختر اللغة: <a>English</a> <a>Français</a> <a>الروسية</a> <a>فارسی</a></div><h1 class="pg-title">{story.title}</h1>
<div class="ctl-date"><span id="ctl00_lblDate">14/03/2026</span> <span>عدد الزيارات: 1204</span></div>
<div class="ms-rtestate-field" id="ctl00_PlaceHolderMain_Field">{woven(story, start='<p style="text-align:justify">​', end="</p>")}</div>
<div class="rate">تقييم المحتوى: <span>1</span><span>2</span><span>3</span> هل كانت هذه الصفحة مفيدة؟ <a>نعم</a> <a>لا</a></div>
<div class="share2"><div>أرسل إلى صديق</div><label>اسم المرسل</label><input><label>البريد</label><input></div>
<div class="news-more"><h3>أخبار أخرى</h3><div><span>10/03/2026</span><a href="/n/3">الوزير يستقبل السفير الروسي</a></div></div></div></form>""",
        ),
    )


def live_entries(story: Story) -> Seen:
    """A live page: an entry a paragraph, each with time, headline-less, share links and a key point box."""
    entries = "".join(
        f'<div class="lb-post" id="p{n}"><div class="lb-h"><time datetime="2026-03-14T1{n}:20:00+03:00">1{n}:20</time><a href="#p{n}">نسخ الرابط</a></div><div class="lb-b"><p>{text}</p></div><div class="lb-f"><a>فيسبوك</a><a>واتساب</a></div></div>'
        for n, text in enumerate(story.paragraphs)
    )
    return Seen(
        day="2026-03-14",
        either="10:20 11:20 12:20 13:20 14:20 15:20",
        html=document(
            f"<title>{story.title} | تغطية مباشرة</title>",
            f"""<main><span class="badge">مباشر</span><h1>{story.title}</h1><div class="upd">آخر تحديث: 14/03/2026 16:05</div>
<div class="lb-nav"><button>الأحدث أولا</button><button>تحديث تلقائي</button></div><div class="lb">{entries}</div>
<div class="lb-more"><button>تحميل المزيد</button></div></main><aside class="col"><h3>تغطيات أخرى</h3><ul>{links()}</ul></aside>""",
        ),
    )


def state_of_next(story: Story) -> Seen:
    """A shell: the article lies only in Next.js's data, as the system's HTML."""
    data = {
        "props": {
            "pageProps": {
                "post": {
                    "title": story.title,
                    "publishedAt": "2026-03-14T09:32:00.000Z",
                    "content": "".join(f"<p>{text}</p>" for text in story.paragraphs),
                },
                "related": [{"title": OTHERS[0], "content": f"<p>{LEAD}</p>"}],
            }
        },
        "page": "/article/[id]",
    }
    return Seen(
        day="2026-03-14",
        html=document(
            f'<title>{story.title}</title><meta property="og:title" content="{story.title}"/><meta property="og:description" content="{story.paragraphs[0][:90]}..."/>',
            f'<div id="__next"><div class="loader">جار التحميل</div></div><script id="__NEXT_DATA__" type="application/json">{json.dumps(data, ensure_ascii=False)}</script>',
        ),
    )


def next_breaks(story: Story) -> Seen:
    """Rendered by Next.js: hashed names, the text between breaks in one section, a relative day."""
    data = {"props": {"pageProps": {"id": 4, "created": "2026-03-14T15:00:00Z"}}}
    return Seen(
        day="2026-03-14",
        html=document(
            f'<title>{story.title}</title><meta property="og:title" content="{story.title}">',
            f"""<div id="__next"><header class="Header_h__x1"><ul>{links("li", 2)}</ul></header><div class="Progress_p__1"></div>
<div class="Post_grid__aa"><div class="Post_main__bb"><h1 class="Post_t__c">{story.title}</h1><div class="Post_m__d"><span>منذ 18 ساعة</span><span>1.2 ألف مشاهدة</span></div>
<section class="Post_body__e">{woven(story, f'<div class="Box_r__f"><span>ذات صلة</span>{link(2)}</div>', start="", end="", by="<br><br>")}</section></div>
<div class="Side_s__g"><div class="Card_c__h"><h4>{link(3)}</h4><p>{LEAD}</p><span>منذ ساعة</span></div></div></div></div>
<script id="__NEXT_DATA__" type="application/json">{json.dumps(data)}</script>""",
        ),
    )


BROADCASTERS: Mapping[str, Page] = {
    page.__name__: page
    for page in (
        more_on_cards, hashed_sections, voiced_summary, published_updated_line, facts_list,
        place_and_dashes, subscriber_note, news_code, greenwich_header, state_wire, initials_below,
        cp1256_wire, ministry, live_entries, state_of_next, next_breaks,
    )
}  # fmt: skip
