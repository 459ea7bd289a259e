"""Pages as local portals, parties, boards and channels make them, often by hand."""
# ruff: noqa: E501 - pages are written in such lines

from collections.abc import Mapping

from tests.quality.pages.outlet import LEAD, OTHERS, Page, Seen, document, link, links, woven
from tests.quality.pages.texts import Story


def urgent_twice(story: Story) -> Seen:
    """An urgent post: a sign before the headline, the text under it, a long column of leads beside."""
    leads = "".join(
        f'<div class="box"><h5>{link(n)}</h5><p>{LEAD} وأكد الجانبان ضرورة مواصلة التنسيق بين طهران وموسكو في الفترة المقبلة.</p></div>'
        for n in range(6)
    )
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>عاجل | {story.title}</title>",
            f"""<div class="col-a"><div class="tag-red">عاجل</div><h1>{story.title}</h1><small>14/03/2026 09:32 صباحا</small>
{woven(story, at=9)}<div><a href="https://t.me/chan">تابعنا على تلغرام</a></div></div><div class="col-b">{leads}</div>""",
        ),
    )


def channel_copy(story: Story) -> Seen:
    """Copied from a channel: signs before each line, the channel's address and words with a hash below."""
    text = "<br>".join(
        f"🔴 {each}" if n == 0 else f"▪️ {each}" for n, each in enumerate(story.paragraphs)
    )
    return Seen(
        day="2026-03-14",
        html=document(
            f'<title>{story.title}</title><meta property="article:published_time" content="2026-03-14T12:05:00+03:00">',
            f"""<div class="chan"><h2>{story.title}</h2><div class="msg">{text}<br><br>#روسيا #إيران<br>✅ للاشتراك في القناة: https://t.me/chan_news<br>📌 قناة أخبار قزوين على واتساب</div><div class="v">1.2K 👁 12:05</div></div>
<div class="prev"><div class="msg"><a href="/12">🔴 {OTHERS[0]}</a></div><div class="msg"><a href="/11">🔴 {OTHERS[2]}</a></div></div>""",
        ),
    )


def contentpane(story: Story) -> Seen:
    """An old Joomla of a party: tables named by what is in them, two days, links of the section."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<table class="blog"><tr><td class="leftcol"><table class="moduletable"><tr><th>آخر الأخبار</th></tr><tr><td><ul class="latestnews">{links()}</ul></td></tr></table></td>
<td class="mainbody"><table class="contentpaneopen"><tr><td class="contentheading" width="100%">{story.title}</td><td class="buttonheading"><a href="#"><img src=p.png alt="طباعة"></a></td></tr></table>
<table class="contentpaneopen"><tr><td><span class="small">الكاتب {story.byline}</span></td></tr><tr><td class="createdate">السبت, 14 آذار/مارس 2026 08:15</td></tr>
<tr><td valign="top">{woven(story, at=9)}</td></tr><tr><td class="modifydate">آخر تحديث: الأحد, 15 آذار/مارس 2026 00:10</td></tr></table>
<table class="pagenav"><tr><th><a href="/1">&lt; السابق</a></th><th><a href="/2">التالي &gt;</a></th></tr></table>
<div class="jc">التعليقات (1)<div>أبو علي: لماذا لا تكتبون عن إيران؟</div></div></td></tr></table>""",
        ),
    )


def font_cells(story: Story) -> Seen:
    """windows-1256 that claims utf-8; fonts in cells, a picture's table in the text, a row of links."""
    inner = '<table align="left" border="1"><tr><td><img src="1.jpg"></td></tr><tr><td align="center"><font size="1">مفاعل بوشهر الإيراني</font></td></tr></table>'
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>شبكة البادية - {story.title}</title>",
            f"""<center><table width="950"><tr><td><a href="r.php">روسيا</a> :: <a href="i.php">إيران</a> :: <a href="s.php">رياضة</a></td></tr></table>
<table width="950"><tr><td valign="top" width="200"><font color="#fff"><b>آخر الاخبار</b></font><br>{"<br>".join("» " + link(n) for n in range(4))}</td>
<td valign="top"><font face="Simplified Arabic" size="5"><b>{story.title}</b></font><br><font size="2">تاريخ النشر : 14/03/2026 - 08:00</font><hr>{inner}
<font face="Simplified Arabic" size="4"><div align="justify">{woven(story, start="", end="", by="<br />" + chr(10) + "<br />")}</div></font>
<hr><font size="2">عدد القراء : 512 | <a href="send.php">أرسل لصديق</a> | <a href="print.php">طباعة</a></font></td></tr></table></center>""",
            "windows-1256",
            "utf-8",
        ),
    )


def blogger_new(story: Story) -> Seen:
    """Blogger's newer themes: a byline with a time, a summary of other posts, a line on comments."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title><meta content='{story.title}' property='og:title'/>",
            f"""<div class='page_body'><div class='main'><article class='post-outer-container'><div class='post'><h3 class='post-title entry-title'>{story.title}</h3>
<div class='post-header'><div class='byline post-timestamp'>-<meta content='http://blog.example/x'/><a class='timestamp-link' href='/x'><time class='published' datetime='2026-03-14T09:32:00+02:00' title='2026-03-14T09:32:00+02:00'>مارس 14, 2026</time></a></div></div>
<div class='post-body entry-content float-container' id='post-body-1'><div dir="rtl" style="text-align: right;" trbidi="on">{woven(story, start='<div style="text-align: right;"><span style="font-size: large;">', end="</span></div><div><br /></div>")}</div></div>
<div class='byline post-labels'><a href=/l rel='tag'>إيران</a><a href=/l rel='tag'>موسكو</a></div></div>
<section class='comments'><h3 class='title'>تعليقات</h3><p class='comment-footer'><a href='#'>إرسال تعليق</a></p></section></article>
<div class='PopularPosts'><h3 class='title'>المشاركات الشائعة من هذه المدونة</h3><div class='post'><h3>{link(2)}</h3><div class='byline'>مارس 09, 2026</div><div class='snippet-item'>{LEAD} …</div></div></div></div></div>""",
        ),
    )


def amp_live(story: Story) -> Seen:
    """AMP: consent, an advertisement that sticks, a carousel of other reports in the text."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title><link rel=canonical href=https://news.example/article/48213>",
            f"""<amp-consent id="c"><div id="cui">نستخدم ملفات تعريف الارتباط لأغراض منها الإعلان. <button>قبول</button></div></amp-consent>
<header class="ampstart"><a href="/">الميدان</a></header><main><article class="a-a"><header><h1 class="a-t">{story.title}</h1><address>{story.byline}</address><time class="a-d" datetime="2026-03-14T07:00Z">السبت</time></header>
<amp-img src=1.jpg width=1 height=1 layout=responsive></amp-img>{woven(story, f'<amp-carousel height=200 type=carousel><div class="s"><a href="/2">{OTHERS[0]}</a></div><div class="s"><a href="/3">{OTHERS[3]}</a></div></amp-carousel>')}
<amp-social-share type=whatsapp></amp-social-share></article></main><amp-sticky-ad layout=nodisplay><amp-ad>سافر إلى موسكو</amp-ad></amp-sticky-ad><footer>للأعلى</footer>""",
        ),
    )


def next_article_below(story: Story) -> Seen:
    """Endless: whole articles follow, each an element of the same kind with its own day."""
    second = f"""<article class="single-article" data-id="2" data-url="/article/48100"><h2 class="single-title">{OTHERS[4]}</h2><div class="single-date">الجمعة 13 مارس 2026</div><div class="single-body"><p>استقبل الرئيس الروسي في الكرملين أمين عام المنظمة، وبحث معه سير الاستعدادات للقمة المقبلة التي تستضيفها موسكو في الخريف.</p><p>{LEAD}</p><p>ومن المقرر أن تعلن النتائج الأسبوع المقبل في مؤتمر صحفي مشترك.</p></div></article>"""
    return Seen(
        day="2026-03-14",
        html=document(
            f'<title>{story.title}</title><meta property="og:url" content="https://news.example/article/48213">',
            f"""<div id="infinite"><article class="single-article" data-id="1" data-url="/article/48213"><h1 class="single-title">{story.title}</h1><div class="single-date">السبت 14 مارس 2026</div><div class="single-body">{woven(story, at=9)}</div></article>{second}</div><div class="loader">جاري التحميل...</div>""",
        ),
    )


def pages_of_post(story: Story) -> Seen:
    """One page of several: numbers below the text, 'on the next page' with what comes there."""
    return Seen(
        day="2026-03-14",
        url="https://news.example/2026/03/14/long-read/",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="hentry"><h1>{story.title}</h1><span class="posted-on">14 مارس، 2026</span><div class="entry-content">{woven(story, at=9)}
<div class="page-links">الصفحات: <span class="current">1</span> <a href="2/">2</a> <a href="3/">3</a></div><p class="nextpart"><a href="2/">في الصفحة التالية: حسابات موسكو وطهران ←</a></p></div></div>""",
        ),
    )


def word_paste(story: Story) -> Seen:
    """Pasted from Word: words cut by spans, non-breaking blanks, empty paragraphs, a line of tatweel."""
    parts = []
    for text in story.paragraphs:
        words = text.split(" ")
        cut = words[0]
        half = len(cut) // 2
        begin = f'<span lang="AR-SA" style="font-size:14.0pt">{cut[:half]}</span><span lang="AR-SA" style="font-size:14.0pt">{cut[half:]}</span>'
        parts.append(
            f'<p class="MsoNormal" dir="RTL" style="text-align:justify">{begin}<span dir="LTR">&nbsp;</span><span lang="AR-EG">{"&nbsp;".join(words[1:4])} {" ".join(words[4:])}<o:p></o:p></span></p><p class="MsoNormal">&nbsp;</p>'
        )
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="news_view"><div class="news_title">{story.title}</div><div class="news_date">الســبت 14 مـارس 2026</div><div class="news_text">{"".join(parts)}<p>ـــــــــــــــــــــ</p></div>
<div class="news_other"><div class="news_other_title">أخبار مشابهة</div><div class="n"><a href=/1>{OTHERS[1]}</a></div></div></div>""",
        ),
    )


def all_bold_headings(story: Story) -> Seen:
    """Each paragraph a heading or a bold line, as editors mark what they find important."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} - سما بلادي</title>",
            f"""<div id="middle"><h1>{story.title}</h1><div id="d">2026-03-14 09:32:11</div>{woven(story, f"<h3>{link(3)}</h3>", start="<h3><strong>", end="</strong></h3>")}</div><div id="left"><h3>كتاب وآراء</h3>{links("h4", 3)}</div>""",
        ),
    )


def converter(story: Story) -> Seen:
    """Exchange rates and weather in a strip, languages to choose, links for seeing the site elsewhere."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="strip"><div>الدولار 1310</div><div>الروبل الروسي 14.2</div><div>التومان الإيراني 0.02</div></div><div class="wx">بغداد 22° طهران 14°</div>
<div class="langs"><a href="/ar">عربي</a><a href="/ru">روسي</a><a href="/fa">إيراني</a></div><div class="c"><h1>{story.title}</h1><p class="i">09:32:11 2026-03-14 | القراءات: 2,341</p>
<p>النخيل نيوز/ {story.paragraphs[0]}</p>{"".join(f"<p>{text}</p>" for text in story.paragraphs[1:])}<p>المصدر: وكالات</p><p>لقراءة المزيد من أخبار روسيا تابعوا صفحتنا على <a href="https://facebook.com/x">فيسبوك</a></p></div>""",
        ),
        either="النخيل نيوز/ المصدر: وكالات",
    )


def hidden_teasers(story: Story) -> Seen:
    """Teasers that are hidden in each way there is; a picture's words in noscript."""
    hidden = (
        f'<div class="d-none"><p>{LEAD}</p></div><div hidden><p>{OTHERS[0]}</p></div><div aria-hidden="true" class="sr-only">{OTHERS[1]}</div>'
        f'<template><p>{OTHERS[2]}</p></template><noscript><img src=2.jpg alt="روسيا"><p>{OTHERS[3]}</p></noscript><div style="visibility:hidden;height:0">{OTHERS[5]}</div>'
    )
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="g"><h1>{story.title}</h1><div class="g1">قبل 20 ساعة</div><div class="g2">{woven(story, hidden)}</div></div>""",
        ),
    )


def print_view(story: Story) -> Seen:
    """The version for printing: site, day of printing, day of the report, address."""
    return Seen(
        day="2026-03-14",
        url="https://news.example/print.php?id=48213",
        html=document(
            f"<title>طباعة: {story.title}</title>",
            f"""<center><b>موقع الديرة الإخباري</b><br>طبع بتاريخ: 15/03/2026<br>http://news.example/n/48213</center><hr><h2>{story.title}</h2><i>نشر بتاريخ: 14/03/2026</i>{woven(story, at=9)}<hr><p>جميع الحقوق محفوظة لموقع الديرة، مكتبا موسكو وطهران</p>""",
        ),
    )


def numbers_story(story: Story) -> Seen:
    """Points in front of the text, a table of figures inside it, a map with a caption."""
    points = "".join(f"<li>{text}</li>" for text in ("ما نعرفه حتى الآن", "ما لم يتضح بعد"))
    table = (
        "<table><tr><th>البند</th><th>العدد</th></tr><tr><td>الحالات</td><td>12</td></tr></table>"
    )
    return Seen(
        day="2026-03-14",
        either="ما نعرفه حتى الآن ما لم يتضح بعد البند العدد الحالات 12",
        html=document(
            f'<title>{story.title}</title><meta name="DC.date.issued" content="2026-03-14">',
            f"""<main><h1>{story.title}</h1><ul class="points">{points}</ul>{woven(story, table, '<figure class="map"><img src=m.png><figcaption>خريطة تظهر بحر قزوين وجواره</figcaption></figure>')}<div class="fb">تفاعل مع الخبر: أعجبني 3 أحزنني 1</div></main>""",
        ),
    )


def picture_of_day(story: Story) -> Seen:
    """A picture page: the text is the caption of the one picture, other pictures' captions below."""
    caption = " ".join(story.paragraphs)
    return Seen(
        day="2026-03-14",
        html=document(
            f'<title>{story.title}</title><meta property="og:title" content="{story.title}"><meta property="article:published_time" content="2026-03-14T10:00:00Z">',
            f"""<div class="photo-page"><h1>{story.title}</h1><figure class="main-photo"><img src=1.jpg><figcaption>{caption}</figcaption></figure>
<div class="thumbs"><figure><a href=/p/2><img src=2.jpg></a><figcaption>صياد على شاطئ قزوين</figcaption></figure><figure><a href=/p/3><img src=3.jpg></a><figcaption>شارع في موسكو</figcaption></figure></div></div>""",
        ),
    )


def board(story: Story) -> Seen:
    """A board: the first post is the report, the answers under it are of the same kind."""

    def post(n: int, name: str, text: str, day: str) -> str:
        return f'<div class="post" id="p{n}"><div class="pside"><b>{name}</b><br>مشاركات: {n}12</div><div class="pmain"><div class="pdate">{day}</div><div class="ptext">{text}</div></div></div>'

    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} - منتدى الساحل</title>",
            f"""<div class="nav">منتدى الساحل &gt; الأخبار &gt; {story.title}</div><h1>{story.title}</h1>
{post(1, "المراسل", woven(story, start="", end="", by="<br><br>"), "14-03-2026, 09:32 AM")}{post(2, "ابن البلد", "شكرا على النقل. والله أخبار روسيا وإيران أهم من هذا كله في هذه الأيام.", "14-03-2026, 10:02 AM")}{post(3, "سهيل", "يعطيك العافية، ننتظر جديدك من موسكو.", "15-03-2026, 01:12 AM")}""",
        ),
    )


PORTALS: Mapping[str, Page] = {
    page.__name__: page
    for page in (
        urgent_twice, channel_copy, contentpane, font_cells, blogger_new, amp_live,
        next_article_below, pages_of_post, word_paste, all_bold_headings, converter,
        hidden_teasers, print_view, numbers_story, picture_of_day, board,
    )
}  # fmt: skip
