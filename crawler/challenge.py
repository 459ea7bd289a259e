"""Pages that stand in a site's way: is the reader human, does the reader consent.

A signature alone is not enough: one in a hundred ordinary pages carries the script of such a
service. Together with next to no text it is a page of its own.
"""

import re

from crawler.errors import Challenged, ParseFailed
from crawler.extraction.charset import decode

_LOOKED_AT = 300_000
_LEAST_TEXT = 800

# In small letters. Looked for one by one: that is ten times as fast as one pattern of them all.
_HUMAN = tuple(
    signature.encode()
    for signature in (
        "cf-chl", "cf_chl", "challenge-platform", "cf-turnstile", "just a moment...",
        "checking your browser", "attention required! | cloudflare", "_incapsula_resource",
        "__arcsjs", "perfdrive.com", "radware", "sucuri_cloudproxy", "ddos-guard", "px-captcha",
        "captcha-delivery", "datadome", "g-recaptcha", "h-captcha", "hcaptcha.com",
        "recaptcha/api", "awswaf", "you are a human", "you are human", "not a robot",
        "are you a robot", "enable javascript and cookies to continue", "unusual traffic",
        "لست روبوت", "أنك إنسان", "أنك لست", "رمز التحقق", "التحقق من المتصفح", "نشاط غير معتاد",
    )
)  # fmt: skip
_CONSENT = tuple(
    signature.encode()
    for signature in (
        "before you continue", "we value your privacy", "we use cookies", "cookie consent",
        "cookieconsent", "consent.", "didomi", "onetrust", "quantcast", "cookiebot",
        "sourcepoint", "ملفات تعريف الارتباط", "قبل المتابعة", "سياسة الخصوصية", "خصوصيتك",
    )
)  # fmt: skip
_ARTICLE = re.compile(
    r"""<article\b|"@type"\s*:\s*\[?\s*"(?:News|Blog|Reportage)?(?:Article|Posting)"|"""
    r"""property=["']?article:published_time|content=["']?article["'\s>]""",
    re.IGNORECASE,
)
_UNSEEN = re.compile(
    r"<(script|style|noscript|template|svg)\b.*?</\1\s*>|<!--.*?-->|<head\b.*?</head\s*>|<[^>]*>",
    re.IGNORECASE | re.DOTALL,
)
IS_HUMAN = "the site shows a page that asks whether the reader is human"
_CONSENTS = "the site shows a page that asks for consent (cookies), not the article"


def challenge(body: bytes, content_type: str | None = None) -> str | None:
    """What a page asks instead of answering, in a sentence; None for any other page."""
    head = body[:_LOOKED_AT]
    small = head.lower()
    human = any(signature in small for signature in _HUMAN)
    if not human and not any(signature in small for signature in _CONSENT):
        return None
    text = decode(head, content_type)
    if _ARTICLE.search(text) or len(body) > _LOOKED_AT:
        return None
    seen = " ".join(_UNSEEN.sub(" ", text).split())
    if len(seen) >= _LEAST_TEXT:
        return None
    return IS_HUMAN if human else _CONSENTS


def stands_in_the_way(asks: str) -> ParseFailed:
    """The error for what `challenge` said of a page."""
    return Challenged(asks) if asks == IS_HUMAN else ParseFailed(asks)
