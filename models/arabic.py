"""What Arabic newspapers write in several ways, for all parts that give words one spelling.

The letters of a group are one to readers: hamza and alef forms, ya and alef maqsura, ta marbuta and
ha, and the letters of Persian, Kurdish, Urdu and the Maghreb for those that Arabic has.
"""

SAME_LETTERS = ("اأإآٱ", "يىیېے", "كکگ", "بپ", "جچ", "زژ", "فڤ", "هةہھە")
"""Each group's first letter stands for the others."""

RELATIVES = {
    letter: plain
    for plain, letters in {
        "ا": "ٲٳ",
        "ب": "ٮ",
        "ت": "ٹ",
        "د": "ڈ",
        "ر": "ڕڑ",
        "ف": "ڡڢڥ",
        "ق": "ٯڧڨ",
        "ك": "ڪڬڭݢݣ",
        "ل": "ڵ",
        "ن": "ں",
        "ه": "ۃ",
        "و": "ۅۆۇۋ",
        "ي": "ۍێ",
    }.items()
    for letter in letters
}
"""Rarer letters that Arabic text borrows, and the nearest letter."""

PLAIN_LETTERS = {letter: group[0] for group in SAME_LETTERS for letter in group[1:]} | RELATIVES
"""All of them, and the letter that each is written as."""

MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
"""Harakat: tanwin, vowels, shadda, sukun, the small alef."""
TATWEEL = "\u0640"
INVISIBLE = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufeff"
)
"""Soft hyphen, joiners, marks of writing direction."""
ORNAMENTS = "".join(
    chr(code)
    for first, last in ((0x610, 0x61A), (0x656, 0x65F), (0x6D6, 0x6ED), (0xFE70, 0xFE7F))
    for code in range(first, last + 1)
)
"""Quranic signs, rarer marks, and harakat as presentation forms."""
COMPOSING = "\u0653\u0654\u0655"
"""Madda and hamza as marks of their own: they make another letter of the one before."""
