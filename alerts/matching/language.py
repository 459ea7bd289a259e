"""The language of a text, well enough to keep a Persian article from an Arabic rule.

Function words decide: every article has them, and those listed are words of one language only
once they are folded.
"""

from alerts.matching.folding import Folded, fold_bytes

_FUNCTION_WORDS = {
    "ar": "في من إلى عن التي الذي هذا هذه مع كما بعد بين أو قال وقال قد وقد كان وكان ذلك خلال عبر",
    "fa": "است که از را در می برای شد های تا یک شده نیز خود کرد هاي اما آنها دارد باید میان",
    "ur": "کے میں ہے نے کو سے اور ہیں نہیں تھا",
    "en": "the of and to in is for that on with",
    "ru": "в и на с что по не из для от",
}
_LANGUAGES: dict[bytes, list[str]] = {}
for _language, _words in _FUNCTION_WORDS.items():
    for _word in dict.fromkeys(map(fold_bytes, _words.split())):
        _LANGUAGES.setdefault(_word, []).append(_language)
_ENOUGH = 2_000
"""Bytes of an article that tell its language."""


def detected_language(folded: Folded) -> str:
    """The ISO 639-1 code of ar, fa, ur, en or ru; 'ar' when nothing tells."""
    counts = dict.fromkeys(_FUNCTION_WORDS, 0)
    for word in filter(_LANGUAGES.__contains__, folded.words[:_ENOUGH].split()):
        for language in _LANGUAGES[word]:
            counts[language] += 1
    return max(counts, key=lambda language: counts[language])
