"""What stands around and inside an article's text on real pages, each naming other topics."""

from collections.abc import Callable, Mapping

from tests.quality.pages import texts

_URL = "https://news.example/2026/03/"


def _link(number: int = 0) -> str:
    return f'<a href="{_URL}{number + 70}">{texts.HEADLINES[number]}</a>'


def _items(tag: str = "li", extra: str = "") -> str:
    return "".join(f"<{tag}>{extra}{_link(n)}</{tag}>" for n in range(3))


# In the middle of the text, after its second paragraph.
INSIDE: Mapping[str, str] = {
    "read-also-plain": f"<p>اقرأ أيضاً: {texts.HEADLINES[0]}</p>",
    "read-also-bold-link": f"<p><strong>اقرأ أيضا: {_link()}</strong></p>",
    "read-also-two-paragraphs": f"<p><b>شاهد أيضاً</b></p><p>{_link(1)}</p>",
    "read-also-plain-two-paragraphs": f"<p><b>اقرأ أيضا:</b></p><p>{texts.HEADLINES[2]}</p>",
    "read-also-blockquote": f"<blockquote><p>اقرأ أيضاً: {_link()}</p></blockquote>",
    "lone-link": f"<p>{_link(2)}</p>",
    "linked-heading": f"<h3>{_link(1)}</h3>",
    "arrow-link": f"<p>◄ {_link(3)}</p>",
    "list-with-heading": f"<h4>مواضيع ذات صلة</h4><ul>{_items()}</ul>",
    "list-without-heading": f"<ul>{_items()}</ul>",
    "dated-list": f"<ul>{_items(extra='<span>12 مارس 2026</span> ')}</ul>",
    "aside": f"<aside><h3>خلفية</h3><p>{texts.SUMMARY}</p></aside>",
    "bare-box": f"<div><div>قد يهمك أيضا</div><div>{_link()}</div><div>{_link(1)}</div></div>",
    "bare-card": (
        f'<div><a href="{_URL}71"><img src="/c.jpg" alt=""></a><div><a href="{_URL}71">'
        f"{texts.HEADLINES[0]}</a><span>12 مارس</span><div>{texts.SUMMARY}</div></div></div>"
    ),
    "clickable-card": (
        f'<div onclick="location=\'{_URL}72\'"><img src="/c.jpg" '
        f'alt=""><div>{texts.HEADLINES[1]}</div>'
        "</div>"
    ),
    "most-read-float": (
        f'<div style="float:left;width:220px"><h3>الأكثر قراءة</h3><ol>{_items()}</ol></div>'
    ),
    "figure": f'<figure><img src="/a.jpg"><figcaption>{texts.CAPTION}</figcaption></figure>',
    "bare-caption": f'<div><img src="/a.jpg"><div>{texts.CAPTION}</div></div>',
    "closed-caption": f'<div><div><img src="/a.jpg"></div><div>{texts.CLOSED_CAPTION}</div></div>',
    "italic-caption": f'<p><img src="/a.jpg"></p><p><em>{texts.CAPTION}</em></p>',
    "table-caption": (
        '<table align="left" width="200"><tr><td><img src="/a.jpg"></td></tr>'
        f"<tr><td>{texts.CAPTION}</td></tr></table>"
    ),
    "agency-caption": f'<p><img src="/a.jpg"><br>{texts.CAPTION} (أ ف ب)</p>',
    "follow-us": "<p>تابعوا أخبار إيران وروسيا على قناتنا في تلغرام</p>",
    "hidden": f'<div style="display: none"><p>{texts.SUMMARY}</p></div>',
    "video-label": f"<p>فيديو: {_link(2)}</p>",
    "wp-embed": (
        f'<blockquote class="wp-embedded-content"><a href="{_URL}1">{texts.HEADLINES[0]}</a>'
        f"</blockquote>"
    ),
    "p-em-link": f'<p><em>إقرأ أيضًا:</em> <a href="{_URL}1">{texts.HEADLINES[0]}</a></p>',
    "iqra-mazid": f'<p>إقرأ المزيد: <a href="{_URL}1">{texts.HEADLINES[1]}</a></p>',
    "iqra-div": (
        f'<div><span>اقرأ المزيد</span><a href="{_URL}1"><span>{texts.HEADLINES[1]}</span></a>'
        f"</div>"
    ),
    "hand": f'<p>👈 <a href="{_URL}1">{texts.HEADLINES[2]}</a></p>',
    "for-more": f'<p>للمزيد عن الموضوع: <a href="{_URL}1">{texts.HEADLINES[2]}</a></p>',
    "details": f"<p>طالع أيضًا.. {texts.HEADLINES[3]}</p>",
    "table-related": (
        f"<table border=1><tr><th>أخبار ذات صلة</th></tr><tr><td>"
        f'<a href="{_URL}1">{texts.HEADLINES[0]}</a></td></tr><tr><td>'
        f'<a href="{_URL}2">{texts.HEADLINES[1]}</a></td></tr></table>'
    ),
    "btn-card": (
        f'<section><header>قد يعجبك</header><article><a href="{_URL}1"><img src=x>'
        f"<h4>{texts.HEADLINES[0]}</h4></a><time>منذ ساعتين</time></article><article>"
        f'<a href="{_URL}2"><h4>{texts.HEADLINES[1]}</h4></a></article></section>'
    ),
    "slider": (
        f'<div class="swiper"><div class="swiper-slide"><a href="{_URL}1">{texts.HEADLINES[0]}</a>'
        f'</div><div class="swiper-slide"><a href="{_URL}2">{texts.HEADLINES[1]}</a></div></div>'
    ),
    "strong-lead": (
        f'<p><strong>مواضيع قد تهمك:</strong></p><p><a href="{_URL}1">{texts.HEADLINES[0]}</a></p>'
        f'<p><a href="{_URL}2">{texts.HEADLINES[1]}</a></p>'
    ),
    "dash-list": (
        f'<p>- <a href="{_URL}1">{texts.HEADLINES[0]}</a><br>- '
        f'<a href="{_URL}2">{texts.HEADLINES[1]}</a></p>'
    ),
    "youtube": (
        f'<div class="video"><iframe src="https://youtube.com/embed/1"></iframe>'
        f"<p>شاهد: {texts.HEADLINES[3]}</p></div>"
    ),
    "caption-span": (
        f'<div style="text-align:center"><img src=a.jpg><br>'
        f'<span style="font-size:10px">{texts.CAPTION}</span></div>'
    ),
    "caption-p-after": (
        f'<p><img src=a.jpg></p><p style="font-size:small">{texts.CAPTION} - رويترز</p>'
    ),
    "caption-h6": f'<div class="media"><img src=a.jpg><h6>{texts.CAPTION}</h6></div>',
    "caption-a": (
        f'<a href="/big.jpg"><img src=a.jpg alt="{texts.CAPTION}" title="{texts.CAPTION}"></a>'
    ),
    "pull-related-quote": (
        f'<div class="article__block" data-type="article"><div class="article__article">'
        f'<a href="{_URL}1"><img src=a></a><div><div>{texts.HEADLINES[0]}</div>'
        f"<div>3 مارس, 09:15 GMT</div></div></div></div>"
    ),
    "newsletter": (
        "<div><p>اشترك في نشرتنا البريدية لتصلك أخبار إيران وروسيا</p><input><button>اشترك"
        "</button></div>"
    ),
    "telegram": (
        '<p><a href="https://t.me/x">انضموا إلى قناة أخبار روسيا وإيران على تليغرام</a></p>'
    ),
    "poll": (
        "<div><p>استطلاع: هل تتوقع حربا بين إيران وروسيا؟</p><label><input type=radio>نعم</label>"
        "<label><input type=radio>لا</label></div>"
    ),
    "ad": (
        '<div><small>إعلان</small><a href="http://ads"><img src=ad></a><p>'
        '<a href="http://ads">رحلات سياحية إلى روسيا وإيران بأسعار مخفضة</a></p></div>'
    ),
    "nested-rel": (
        f"<div><div><div><strong>ذات صلة</strong></div></div><div><div><div>"
        f'<a href="{_URL}1">{texts.HEADLINES[0]}</a></div></div><div><div>'
        f'<a href="{_URL}2">{texts.HEADLINES[1]}</a></div></div></div></div>'
    ),
    "ul-strong": (
        f'<ul><li><strong>اقرأ أيضا</strong></li><li><a href="{_URL}1">{texts.HEADLINES[0]}</a>'
        f"</li></ul>"
    ),
    "span-sep": (
        f"<p>{''.join(f'<a href={_URL}{n}>{h}</a> | ' for n, h in enumerate(texts.HEADLINES))}</p>"
    ),
    "gallery-links": (
        f'<div class="photos"><a href="/p1"><img src=1></a><a href="/p2"><img src=2></a>'
        f"<p>{texts.CAPTION}</p></div>"
    ),
    "h4-plain": f'<h4>{texts.HEADLINES[0]}</h4><p><a href="{_URL}1">التفاصيل</a></p>',
    "p-br-lead": (
        f'<p>مواضيع متعلقة<br><a href="{_URL}1">{texts.HEADLINES[0]}</a><br>'
        f'<a href="{_URL}2">{texts.HEADLINES[1]}</a></p>'
    ),
    "data-card": (
        f'<div data-url="/n/4" role="button"><h5>{texts.HEADLINES[2]}</h5><span>تقرير</span></div>'
    ),
    "iqra-3an": f'<p>اقرأ عن زيارة الرئيس: <a href="{_URL}1">{texts.HEADLINES[3]}</a></p>',
    "video-title": (
        f"<div><video src=x></video><div>{texts.HEADLINES[3]}</div><div>00:02:31</div></div>"
    ),
    "trend": (
        f'<div><h4>يتصدر الآن</h4><ol><li><a href="{_URL}1">{texts.HEADLINES[0]}</a></li><li>'
        f'<a href="{_URL}2">{texts.HEADLINES[1]}</a></li></ol></div>'
    ),
    "infobox": f'<div class="related-info"><h4>خلفيات</h4><p>{texts.SUMMARY}</p></div>',
    "line-under-picture": f'<p><img src="/a.jpg"></p><p>{texts.CAPTION}</p>',
    "film-with-question": (
        '<div><iframe src="//tube.example/1"></iframe><p>ماذا تريد روسيا من إيران؟</p></div>'
    ),
    "amp-related": (
        f'<amp-accordion><section><h4>اقرأ أيضاً</h4><div><a href="{_URL}1">{texts.HEADLINES[0]}'
        f"</a></div></section></amp-accordion>"
    ),
}

# Before the headline.
BEFORE: Mapping[str, str] = {
    "marquee": f"<marquee>{' *** '.join(texts.HEADLINES)}</marquee>",
    "bare-ticker": f"<div><span>عاجل</span><ul>{_items()}</ul></div>",
    "plain-ticker": f"<div>عاجل | {texts.HEADLINES[0]} | {texts.HEADLINES[3]}</div>",
    "top-stories": f"<div>{_items('div')}</div>",
    "subnav": "<div><a href=/1>إيران</a> - <a href=/2>روسيا</a> - <a href=/3>بحر قزوين</a></div>",
    "today": "<div>السبت 15 مارس 2026 | طهران 12° موسكو -3°</div>",
    "breaking-p": f"<p><b>عاجل:</b> {texts.HEADLINES[0]}</p>",
    "featured": (
        f'<div><a href="{_URL}1"><img src=x></a><h2><a href="{_URL}1">{texts.HEADLINES[0]}</a>'
        f"</h2><p>{texts.SUMMARY}</p></div>"
    ),
    "cookie-top": (
        "<div><p>يستخدم هذا الموقع ملفات تعريف الارتباط لضمان أفضل تجربة في روسيا وإيران. "
        '<a href=/p>اعرف المزيد</a></p><a href="#">أوافق</a></div>'
    ),
    "weather": "<div><ul><li>طهران 14</li><li>موسكو 2</li><li>بيروت 20</li></ul></div>",
    "mega-menu": "<div>"
    + "".join(
        f"<ul><li><a href=/s>{t}</a><ul><li><a href={_URL}{i}>{texts.HEADLINES[i]}</a>"
        "</li></ul></li></ul>"
        for i, t in enumerate(texts.TAGS)
    )
    + "</div>",
    "promo": "<div><p>حصريا على قناتنا الليلة: وثائقي عن إيران وروسيا وبحر قزوين.</p></div>",
}

# After the text, inside what holds it.
AFTER: Mapping[str, str] = {
    "tag-cloud": "<div>"
    + " ".join(f'<a href="/t/{n}">{t}</a>' for n, t in enumerate(texts.TAGS))
    + "</div>",
    "tag-line": f"<p>الكلمات المفتاحية: {'، '.join(texts.TAGS)}</p>",
    "hashtags": "<p>#إيران #روسيا #بحر_قزوين</p>",
    "share-bar": (
        '<div>شارك <a href="https://facebook.example/?t=%D8%A5">فيسبوك</a> <a href="#">تويتر</a> '
        f'<a href="/s" title="إيران">واتساب</a></div><div>{_link()}</div>'
    ),
    "bare-comments": (
        f"<div><h3>التعليقات (2)</h3><div><b>قارئ</b><p>{texts.COMMENT}</p></div>"
        f"<div><b>متابع</b><p>{texts.COMMENT}</p></div></div>"
    ),
    "named-comments": f'<section id="comments"><p>{texts.COMMENT}</p></section>',
    "author-box": f"<div><h4>عن الكاتب</h4><p>{texts.BIOGRAPHY}</p></div>",
    "bare-author": (
        f'<div><a href="/author/9"><img src="/me.jpg"></a><h4><a href="/author/9">سامي '
        f"العلي</a></h4>"
        f"<p>{texts.BIOGRAPHY}</p></div>"
    ),
    "related-grid": (
        "<div><h2>أخبار ذات صلة</h2>"
        + "".join(
            f'<div><a href="{_URL}{n}"><img src="/{n}.jpg"><h3>{texts.HEADLINES[n]}</h3></a>'
            f"<p>{texts.SUMMARY}</p></div>"
            for n in range(3)
        )
        + "</div>"
    ),
    "next-previous": f"<p>الخبر السابق: {_link()}</p><p>الخبر التالي: {_link(1)}</p>",
    "comments-bare2": (
        f"<div><span>3 تعليقات</span><ul><li><span>أحمد</span><span>منذ 3 ساعات</span>"
        f"<p>{texts.COMMENT}</p></li><li><span>سعيد</span><p>{texts.COMMENT}</p></li></ul></div>"
    ),
    "comments-form": (
        f"<h4>شارك برأيك</h4><form><textarea></textarea></form><div><h5>زائر</h5>"
        f"<p>{texts.COMMENT}</p></div>"
    ),
    "tags-span": (
        "<div><span>وسوم</span><span>إيران</span><span>روسيا</span><span>قزوين</span></div>"
    ),
    "tags-links-comma": "<p>كلمات دلالية: <a href=/t/1>إيران</a>، <a href=/t/2>روسيا</a></p>",
    "author-p": (
        f"<div><img src=me.jpg><div><strong>سامي العلي</strong><p>{texts.BIOGRAPHY}</p></div></div>"
    ),
    "more-author": (
        f'<h3>مقالات أخرى للكاتب</h3><ul><li><a href="{_URL}1">{texts.HEADLINES[0]}</a></li></ul>'
    ),
    "more-section": (
        f'<div><h3>المزيد من أخبار العالم</h3><div><a href="{_URL}1">{texts.HEADLINES[0]}</a>'
        f'</div><div><a href="{_URL}2">{texts.HEADLINES[1]}</a></div></div>'
    ),
    "next-article": (
        f'<article><h2><a href="{_URL}1">{texts.HEADLINES[0]}</a></h2><p>{texts.SUMMARY}</p>'
        f'</article><article><h2><a href="{_URL}2">{texts.HEADLINES[1]}</a></h2><p>{texts.SUMMARY}'
        f"</p></article>"
    ),
    "grid-nolead": "<div>"
    + "".join(
        f'<div><a href="{_URL}{n}"><img src=x></a><div><a href="{_URL}{n}">{texts.HEADLINES[n]}</a>'
        f"</div><p>{texts.SUMMARY}</p></div>"
        for n in range(4)
    )
    + "</div>",
    "copyright": "<p>© 2026 وكالة الأخبار. يمنع النقل عن مكتبي طهران وموسكو دون إذن.</p>",
    "print-url": "<p>رابط الخبر: https://news.example/iran-russia-caspian</p>",
    "source-line": "<div>مشاركة</div><div>فيسبوك</div><div>تويتر</div>",
    "tags-hash-links": "<div><a href=/t>#إيران</a> <a href=/t>#روسيا</a></div>",
    "sitemap-foot": (
        "<table><tr><td>أقسام الموقع</td></tr><tr><td><a href=/1>إيران</a></td><td>"
        "<a href=/2>روسيا</a></td></tr></table>"
    ),
    "most-commented": (
        f'<div><h3>الأكثر تعليقا</h3><p><a href="{_URL}1">{texts.HEADLINES[0]}</a> <span>(34)'
        f"</span></p></div>"
    ),
    "read-next-full": (
        f'<div><h2>{texts.HEADLINES[0]}</h2><p>{texts.SUMMARY}</p><a href="{_URL}1">اقرأ المزيد'
        f"</a></div>"
    ),
    "comments-dl": f"<div>آراء القراء</div><dl><dt>سامر</dt><dd>{texts.COMMENT}</dd></dl>",
    "contributors": "<p>شارك في التغطية: مراسلنا في موسكو ومكتب طهران</p>",
    "contact": "<p>للتواصل مع مكتب موسكو: moscow@news.example</p>",
    "disclaimer": (
        "<p>المقالات المنشورة لا تعبر بالضرورة عن رأي الموقع، ومكتبه في موسكو وطهران.</p>"
    ),
}

# At the end of the page.
FOOT: Mapping[str, str] = {
    "cookies": f"<div><div>{texts.COOKIES}</div><button>موافق</button></div>",
    "most-read": f"<div><h3>الأكثر قراءة</h3>{_items('div')}</div>",
    "rights": "<div>جميع الحقوق محفوظة © موقع الأخبار - مكاتبنا: طهران، موسكو، بيروت</div>",
}

# Inside a paragraph of the text itself.
WOVEN: Mapping[str, Callable[[str], str]] = {
    "line-after-break": lambda text: f"{text}<br>اقرأ أيضاً: {_link()}",
    "after-the-sentence": lambda text: f"{text} اقرأ أيضا: {_link(1)}",
    "in-brackets": lambda text: f"{text} (شاهد أيضاً: {texts.HEADLINES[2]})",
}
