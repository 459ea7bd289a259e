"""Pages that stand in a site's way: is the reader human, does the reader consent.

A signature alone is not enough: one in a hundred ordinary pages carries the script of such a
service. Together with next to no text it is a page of its own.
"""

import re

from crawler.extraction.charset import decode

_LOOKED_AT = 300_000
_LEAST_TEXT = 800

_HUMAN = re.compile(
    rb"cf[-_]chl|challenge-platform|cf-turnstile|just a moment\.\.\.|checking your browser"
    rb"|attention required! \| cloudflare|_incapsula_resource|__arcsjs|perfdrive\.com|radware"
    rb"|sucuri_cloudproxy|ddos-guard|px-captcha|captcha-delivery|datadome|g-recaptcha|h-captcha"
    rb"|hcaptcha\.com|recaptcha/api|awswaf|verify (?:that )?you are (?:a )?human|not a robot"
    rb"|are you a robot|enable javascript and cookies to continue|unusual traffic"
    + "|".join(
        (
            "",
            "لست روبوت",
            "أنك إنسان",
            "أنك لست",
            "رمز التحقق",
            "التحقق من المتصفح",
            "نشاط غير معتاد",
        )
    ).encode(),
    re.IGNORECASE,
)
_CONSENT = re.compile(
    rb"before you continue|we value your privacy|we use cookies|cookie ?consent|consent\.\w+\."
    rb"|didomi|onetrust|quantcast|cookiebot|sourcepoint"
    + "|".join(("", "ملفات تعريف الارتباط", "قبل المتابعة", "سياسة الخصوصية", "خصوصيتك")).encode(),
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"""<article\b|"@type"\s*:\s*\[?\s*"(?:News|Blog|Reportage)?(?:Article|Posting)"|"""
    r"""property=["']?article:published_time|content=["']?article["'\s>]""",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"<(script|style|noscript|template|svg)\b.*?</\1\s*>|<!--.*?-->|<head\b.*?</head\s*>|<[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_IS_HUMAN = "the site shows a page that asks whether the reader is human"
_CONSENTS = "the site shows a page that asks for consent (cookies), not the article"


def challenge(body: bytes, content_type: str | None = None) -> str | None:
    """What a page asks instead of answering, in a sentence; None for any other page."""
    head = body[:_LOOKED_AT]
    human = _HUMAN.search(head) is not None
    if not human and _CONSENT.search(head) is None:
        return None
    text = decode(head, content_type)
    if _ARTICLE.search(text) or len(body) > _LOOKED_AT:
        return None
    seen = " ".join(_UNSEEN.sub(" ", text).split())
    if len(seen) >= _LEAST_TEXT:
        return None
    return _IS_HUMAN if human else _CONSENTS
