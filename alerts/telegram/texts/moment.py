"""What the bot says when the database makes it wait."""

from typing import Final

from models.text import Language

SAVING: Final[dict[Language, str]] = {
    "ar": "يُحفظ اختيارك خلال لحظات.",
    "en": "Your choice is being saved.",
}
A_MOMENT: Final[dict[Language, str]] = {
    "ar": "لحظة من فضلك، يصلك الرد بعد قليل.",
    "en": "One moment please, the answer follows.",
}
