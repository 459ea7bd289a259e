"""Pages as dailies, magazines and blogs make them with the themes that they bought."""
# ruff: noqa: E501 - pages are written in such lines

import json
from collections.abc import Mapping

from tests.quality.pages.outlet import LEAD, OTHERS, Page, Seen, document, link, links, woven
from tests.quality.pages.texts import Story


def hour_day_hijri(story: Story) -> Seen:
    """The time first, a hyphen, the day in both calendars; the update in the same words."""
    return Seen(
        day="2026-03-13",
        html=document(
            f'<title>{story.title}</title><meta property="og:title" content="{story.title}">',
            f"""<div class="dialog-off-canvas"><div class="trending"><span>الأكثر قراءة</span>{links("div", 3)}</div>
<article class="node node--article-page"><div class="entry-meta"><span class="entry-city">القاهرة: «الضفاف»</span></div><h1 class="entry-title">{story.title}</h1>
<ul class="sub"><li>TT</li><li>20</li></ul><div class="gallery"><img src=1.jpg><p class="text-center">عناصر من الجيش الروسي (أ.ب)</p></div>
<div class="news-dates"><span>نُشر: 21:48-13 مارس 2026 م ـ 24 رمضان 1447 هـ</span><span>آخر تحديث: 00:12-14 مارس 2026 م ـ 25 رمضان 1447 هـ</span></div>
<div class="entry-content">{woven(story, f'<div class="inline-related"><a href="/n/5"><img src=2.jpg></a><h4>{link(5)}</h4></div>')}</div>
<div class="field-tags"><span>مواضيع</span><a href=/t>إيران</a><a href=/t>روسيا</a></div></article>
<section><h2>اختيارات المحرر</h2>{links("article", 3)}</section></div>""",
        ),
    )


def reference_points(story: Story) -> Seen:
    """Drupal that says in English which field comes; a summary of the editors'; related nodes."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} | المستقلة</title>",
            f"""<div id="block-content"><article class="full"><h1>{story.title}</h1><div class="submitted"><a href="/a">{story.byline}</a> <span>السبت 14 مارس 2026 9:32</span></div>
<div class="field-image"><img src=1.jpg><div class="caption">ميناء أستراخان على بحر قزوين (غيتي)</div></div>
<div class="field field--body">{woven(story, f'<h3>اقرأ المزيد</h3><p>This section contains relevant reference points, placed in (Related Nodes field)</p><div class="views-row">{link(1)}</div>')}</div>
<div class="more">المزيد عن: <a href=/t>طهران</a><a href=/t>موسكو</a></div><div class="more-in"><h2>المزيد من تقارير</h2>{links("div", 3, extra="<span>13 مارس 2026</span>")}</div></article></div>""",
        ),
    )


def sahifa(story: Story) -> Seen:
    """WordPress with Sahifa: a relative day, share buttons in the entry, 'check also' as a box that slides in."""
    return Seen(
        day="2026-03-14",
        html=document(
            f'<title>{story.title} - صحيفة البيدر</title><meta property="article:published_time" content="2026-03-14T06:32:00+00:00"><meta property="article:modified_time" content="2026-03-15T06:32:00+00:00">',
            f"""<div class="breaking-news"><span>أخبار عاجلة</span><ul>{links()}</ul></div><article class="post-listing post"><div class="post-inner">
<h1 class="name post-title entry-title"><span itemprop="name">{story.title}</span></h1><p class="post-meta"><span class="tie-date">منذ 20 ساعة</span><span class="post-cats"><a href="/c">روسيا</a></span><span class="post-views">312 زيارة</span></p>
<div class="entry"><div class="share-post"><span class="share-text">شاركها</span><ul class="flat-social"><li><a>Facebook</a></li></ul></div>{woven(story, at=9)}</div>
<p class="post-tag">الوسوم<a href=/t>بوتين</a> <a href=/t>طهران</a></p></div></article>
<section id="related_posts"><div class="block-head"><h3>مقالات ذات صلة</h3></div><div class="post-listing">{"".join(f'<div class="related-item"><h3>{link(n)}</h3><p class="post-meta"><span class="tie-date">منذ يومين</span></p></div>' for n in range(3))}</div></section>
<section id="check-also-box" class="post-listing check-also-left"><div class="block-head"><h3>شاهد أيضاً</h3></div><div class="check-also-post"><h2 class="post-title">{link(4)}</h2><p>{LEAD}</p></div></section>""",
        ),
    )


def elementor(story: Story) -> Seen:
    """WordPress with a page builder: each thing a widget; posts of the same kind below."""
    posts = "".join(
        f'<article class="elementor-post"><div class="elementor-post__text"><h3 class="elementor-post__title">{link(n)}</h3><div class="elementor-post__excerpt"><p>{LEAD}</p></div><a class="elementor-post__read-more" href="/x">اقرأ المزيد »</a></div></article>'
        for n in range(3)
    )
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} - حزب النهضة الوطنية</title>",
            f"""<div data-elementor-type="single-post" class="elementor elementor-12"><section class="elementor-section"><div class="elementor-widget elementor-widget-theme-post-title"><div class="elementor-widget-container"><h1 class="elementor-heading-title">{story.title}</h1></div></div>
<div class="elementor-widget elementor-widget-post-info"><ul class="elementor-icon-list-items elementor-post-info"><li><span class="elementor-icon-list-text"><time>مارس 14, 2026</time></span></li><li><span>9:32 ص</span></li><li><span>لا توجد تعليقات</span></li></ul></div>
<div class="elementor-widget elementor-widget-theme-post-content"><div class="elementor-widget-container">{woven(story, at=9)}</div></div>
<div class="elementor-widget elementor-widget-heading"><h2>بيانات الحزب</h2></div><div class="elementor-widget elementor-widget-posts"><div class="elementor-posts-container">{posts}</div></div></section></div>""",
        ),
    )


def newspaper_blocks(story: Story) -> Seen:
    """WordPress with tagDiv: modules with times of their own before the text, an inline block."""
    module = "".join(
        f'<div class="td_module_6"><h3 class="entry-title">{link(n)}</h3><span class="td-post-date"><time class="entry-date updated td-module-date" datetime="2026-03-1{n}T08:00:00+00:00">{n + 10} مارس، 2026</time></span></div>'
        for n in range(3)
    )
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} | الرأي الآخر</title>",
            f"""<div class="td-header"><div class="td-trending-now"><span>الأبرز</span>{module}</div></div><div class="td-main-content-wrap"><article class="post type-post">
<ul class="td-category"><li><a href="/c">إيران</a></li></ul><header class="td-post-title"><h1 class="entry-title">{story.title}</h1><div class="td-module-meta-info"><div class="td-post-author-name">بقلم <a>{story.byline}</a> -</div><span class="td-post-date"><time class="entry-date updated td-module-date" datetime="2026-03-14T09:32:00+00:00">14 مارس، 2026</time></span><div class="td-post-views">88</div></div></header>
<div class="td-post-content">{woven(story, f'<div class="td_block_wrap td_block_1"><h4 class="td-block-title"><span>اقرأ أيضًا</span></h4>{module}</div>')}</div>
<footer><div class="td-post-next-prev"><div class="td-post-prev-post"><span>المقالة السابقة</span>{link(0)}</div><div class="td-post-next-post"><span>المقالة التالية</span>{link(1)}</div></div><div class="author-box-wrap"><div class="desc"><div class="td-author-name">{story.byline}</div><div class="td-author-description">صحفية تغطي شؤون روسيا وآسيا الوسطى منذ سنوات.</div></div></div></footer></article></div>""",
        ),
    )


def captions_below(story: Story) -> Seen:
    """An Egyptian daily: writer and day in spans, pictures at the end with a few words under each."""
    pictures = "".join(
        f'<p><img src={n}.jpg alt="{text}"></p><p class="img-desc">{text}</p>'
        for n, text in enumerate(("جانب من الزيارة لطهران", "الوفد الروسي", "لقاء موسكو"))
    )
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title} - اليوم الجديد</title>",
            f"""<div class="articleCont"><div class="breadcumb"><a href="/">الرئيسية</a><a href="/s">سياسة</a></div><h1>{story.title}</h1>
<div class="img-cont"><img src=9.jpg><span class="img-cap">وزير الخارجية الروسي - أرشيفية</span></div><span class="newsStoryDate">السبت، 14 مارس 2026 09:32 ص</span><span class="writeBy">كتب {story.byline}</span>
<div id="articleBody">{woven(story, f"<p>اقرأ أيضا:</p><p>{link(4)}</p>")}{pictures}</div>
<div class="relatedNews"><h3>موضوعات متعلقة</h3>{links("div", 3)}</div><div class="urgent">عاجل {link(5)}</div></div>""",
        ),
    )


def time_weekday_day(story: Story) -> Seen:
    """The time, the weekday, the day; the writer behind a colon; a text of a partner at the end."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="article-page"><header><h1>{story.title}</h1><div class="dateWriter"><time>07:00 م</time><time>السبت 14 مارس 2026</time></div><div>كتب : {story.byline}</div></header>
<section class="lis"><button>استمع</button></section><div class="ArticleDetails details">{woven(story, f'<div class="widget-in"><strong>قد يعجبك أيضا</strong><ul>{links()}</ul></div>')}</div>
<div class="paid"><span>محتوى مدفوع</span><a href="/p">رحلة إلى موسكو بأقل سعر</a></div><div id="more"><div>إعلان</div></div></div>""",
        ),
    )


def visitors(story: Story) -> Seen:
    """A Moroccan portal: many comments with marks that are longer than the article, rules for them."""
    comments = "".join(
        f'<li class="comment"><div class="comment-head"><span class="fn">{name}</span><span class="comment-date">السبت 14 مارس 2026 - 1{n}:40</span></div><div class="comment-text"><p>{text}</p></div><div class="mark">{n}</div></li>'
        for n, (name, text) in enumerate(
            (
                ("مواطن", "الحقيقة أن روسيا هي الرابح الأكبر من كل ما يجري في العالم اليوم، والبقية تفاصيل لا تهم أحدا منا، ومن يتابع يعرف."),
                ("متتبع", "لو كان هذا في إيران لقامت الدنيا ولم تقعد، لكن عندنا كل شيء عادي، والله المستعان على ما نرى ونسمع كل يوم في بلادنا."),
                ("Ahmed", "تحية من موسكو، أتابعكم يوميا وأتمنى أن تهتموا أكثر بأخبار الجالية هنا، فنحن بعيدون عن الوطن ولا نجد من يسأل عنا."),
            )
        )
    )  # fmt: skip
    return Seen(
        day="2026-02-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="row"><div class="col-md-8"><h1 class="post-title">{story.title}</h1><div class="post-meta"><span class="author"><a>المنصة - {story.byline}</a></span><span class="date-post">السبت 14 فبراير 2026 - 09:32</span></div>
<div class="article-content">{woven(story, at=9)}</div><ul class="tags"><li><a>روسيا</a></li></ul><div class="newsletter">اشترك في النشرة البريدية لتصلك آخر أخبار روسيا والعالم</div>
<div class="comments-area"><h3>تعليقات الزوار</h3><p>تعليقات الزوار لا تعبر بالضرورة عن رأي الموقع</p><ul class="comment-list">{comments}</ul><div>لا يمكن أن ترسل تعليقا. شروط التعليق: عدم الإساءة للكاتب أو للأشخاص</div></div></div>
<div class="col-md-4"><h4>صوت وصورة</h4>{links("div", 4)}</div></div>""",
        ),
    )


def maghreb_month(story: Story) -> Seen:
    """A Tunisian radio's page: a month of the Maghreb, short posts beside it with newer times."""
    return Seen(
        day="2026-02-08",
        html=document(
            f"<title>{story.title} - إذاعة الزيتونة</title>",
            f"""<div class="flash"><span>09:55</span> {link(0)} <span>09:41</span> {link(2)}</div><div class="art"><h1>{story.title}</h1><div class="p-date">نُشر في 08 فيفري 2026 على الساعة 09:32</div>
<div class="p-img"><img src=1.jpg title="قزوين"></div><div class="p-body">{woven(story, start="<div>", end="</div>")}</div>
<div class="p-ds">نسخ الرابط</div><div class="also"><div>في نفس السياق</div>{links("div", 3, extra="<i>07 فيفري 2026</i>")}</div></div>""",
        ),
    )


def day_in_address(story: Story) -> Seen:
    """No day but the address's; today's in the head, others' in the boxes."""
    return Seen(
        day="2026-03-14",
        url="https://news.example/2026/03/14/%D8%AE%D8%A8%D8%B1-3312",
        html=document(
            f"<title>{story.title}</title>",
            f"""<header><div id="today">الأحد 15 مارس 2026</div><ul>{links("li", 2)}</ul></header><div class="w"><h1>{story.title}</h1>
<div class="txt">{woven(story, at=9)}</div><div class="rel"><h3>اقرأ في هذا القسم</h3>{links("div", 3, extra="<span>12 مارس 2026</span>")}</div></div>""",
        ),
    )


def bare_time(story: Story) -> Seen:
    """`time` without its attribute, after other reports' `time`s."""
    return Seen(
        day="2026-03-14",
        html=document(
            f"<title>{story.title}</title>",
            f"""<aside class="left"><div class="t"><h4>{link(0)}</h4><time>١١ مارس ٢٠٢٦</time></div><div class="t"><h4>{link(1)}</h4><time>١٠ مارس ٢٠٢٦</time></div></aside>
<article><header><h1>{story.title}</h1><p><time>١٤ مارس ٢٠٢٦</time> · <span>{story.byline}</span></p></header>{woven(story, f"<aside><p>{OTHERS[3]}</p><time>٩ مارس ٢٠٢٦</time></aside>")}</article>""",
        ),
    )


def modified_only(story: Story) -> Seen:
    """The metadata knows the last change alone; the page shows the day of publication."""
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "dateModified": "2026-03-15T07:10:00+03:00",
    }
    return Seen(
        day="2026-03-12",
        html=document(
            f'<title>{story.title}</title><meta property="article:modified_time" content="2026-03-15T07:10:00+03:00"><script type="application/ld+json">{json.dumps(facts, ensure_ascii=False)}</script>',
            f"""<main><h1>{story.title}</h1><div class="byline"><b>{story.byline}</b><i>الخميس 12 مارس 2026</i></div>{woven(story, at=9)}
<section class="reads"><h5>اقرأ لاحقا</h5>{links("p", 3)}</section></main>""",
        ),
    )


def quoted_posts(story: Story) -> Seen:
    """Posts of others between the paragraphs, with days of their own."""
    post = '<blockquote class="twitter-tweet"><p lang="ar" dir="rtl">نتابع الوضع ميدانيا ولا داعي للقلق.</p>&mdash; الدفاع المدني (@cd) <a href="https://twitter.com/cd/status/1">March 9, 2026</a></blockquote><script async src="https://platform.twitter.com/widgets.js"></script>'
    other = '<blockquote class="instagram-media"><div><a href="https://www.instagram.com/p/1">عرض هذا المنشور على Instagram</a><p>تمت مشاركة منشور بواسطة ‏السفارة الروسية‏</p></div></blockquote>'
    return Seen(
        day="2026-03-14",
        either="نتابع الوضع ميدانيا ولا داعي للقلق. الدفاع المدني (@cd) March 9, 2026",
        html=document(
            f"<title>{story.title}</title>",
            f"""<div class="single"><h1>{story.title}</h1>{woven(story, post, other)}<div class="foot-line">نشر بتاريخ: 2026-03-14 | عدد المشاهدات: 2026</div></div>""",
        ),
    )


def interview(story: Story) -> Seen:
    """An interview: questions in bold between the answers, the guest's picture and life in a box."""
    ask = (
        "كيف تقيمون الوضع حتى الآن؟",
        "وماذا عن الأيام المقبلة؟",
        "هل من كلمة أخيرة؟",
    )
    parts = []
    for n, text in enumerate(story.paragraphs):
        question = f"<p><strong>{ask[n]}</strong></p>" if n < len(ask) else ""
        parts.append(f"{question}<p>{text}</p>")
    return Seen(
        day="2026-03-14",
        more=" ".join(ask[: len(story.paragraphs)]),
        html=document(
            f'<title>{story.title}</title><meta name="date" content="2026-03-14">',
            f"""<div class="dialogue"><h1>{story.title}</h1><p class="by">حاوره: {story.byline}</p><div class="guest"><img src=g.jpg><div>عمل مستشارا في موسكو ثم في طهران</div></div>
<div class="qa">{"".join(parts)}</div></div><ul class="others">{links()}</ul>""",
        ),
    )


def writer_note(story: Story) -> Seen:
    """A column: the writer's picture above, a note with an asterisk below, earlier columns."""
    return Seen(
        day="2026-03-14",
        either="* كاتب وباحث",
        html=document(
            f"<title>{story.title} - {story.byline}</title>",
            f"""<div class="opinion"><div class="writer"><img src=w.jpg><a href="/w/3">{story.byline}</a><a href="mailto:w@news.example">w@news.example</a><span>14-03-2026</span></div><h1>{story.title}</h1>
<div class="op-text">{woven(story, at=9)}<p>* كاتب وباحث</p></div><div class="earlier"><h3>مقالات سابقة للكاتب</h3><ul><li>{link(1)} <span>07-03-2026</span></li><li>{link(3)} <span>28-02-2026</span></li></ul></div>
<p class="disc">الآراء الواردة في المقال لا تعكس بالضرورة موقف الصحيفة من روسيا أو غيرها.</p></div>""",
        ),
    )


DAILIES: Mapping[str, Page] = {
    page.__name__: page
    for page in (
        hour_day_hijri, reference_points, sahifa, elementor, newspaper_blocks, captions_below,
        time_weekday_day, visitors, maghreb_month, day_in_address, bare_time, modified_only,
        quoted_posts, interview, writer_note,
    )
}  # fmt: skip
