"""Keywords that a subscriber watches for itself: plain words and phrases, bounded.

Each is a topic of its own with one condition, matched as the rules' keywords are. Its name is made
from the keyword, so that chats that watch for the same share it.
"""

import hashlib
import re
import unicodedata
from typing import Final, Literal

from alerts.matching.errors import RuleErrors
from alerts.matching.matcher import Matcher
from alerts.matching.phrases import words_of
from alerts.message import clean
from models.site import Title
from models.topic import Topic, Word

MOST: Final = 20
LONGEST: Final = 60
MOST_WORDS: Final = 6
_PREFIX: Final = "kw-"
# Letters, digits, blanks and the few signs that are part of names.
_PLAIN = re.compile(r"[\w\s'’.&+-]+")
_TATWEEL = "ـ"

Refusal = Literal["empty", "long", "signs", "short"]


class KeywordRefused(ValueError):
    """Not a plain word or phrase; `why` says what is wrong with it."""

    def __init__(self, why: Refusal) -> None:
        self.why = why
        super().__init__(f"not a keyword: {why}")


def plain_keyword(text: str) -> str:
    """The keyword as it is kept: one blank between words, no vowel marks. Raises KeywordRefused."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFC", clean(text).replace(_TATWEEL, ""))
        if unicodedata.category(letter) != "Mn"
    )
    words = bare.strip(' .,،«»"').split()
    keyword = " ".join(words)
    if not keyword:
        raise KeywordRefused("empty")
    if len(keyword) > LONGEST or len(words) > MOST_WORDS:
        raise KeywordRefused("long")
    if not _PLAIN.fullmatch(keyword) or not any(map(str.isalnum, keyword)):
        raise KeywordRefused("signs")
    try:
        Matcher({"one": topic_of("one", keyword)}, {})
    except RuleErrors as error:
        raise KeywordRefused("short") from error
    return keyword


def topic_name(keyword: str) -> str:
    return _PREFIX + hashlib.blake2b(keyword.encode(), digest_size=12).hexdigest()


def is_personal(topic: str) -> bool:
    """Whether the topic is somebody's keyword and none of the configuration's."""
    return topic.startswith(_PREFIX) and len(topic) == len(_PREFIX) + 24


def topic_of(name: str, keyword: str) -> Topic:
    # F-16 is two words to the matcher
    several = len(words_of(keyword)) > 1
    word = Word(word=keyword, word_class="phrase" if several else None)
    return Topic(name=name, title=Title(ar=keyword), any=(word,))
