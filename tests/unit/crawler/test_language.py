"""The language of short texts in Arabic script, and of others."""

import pytest

from crawler.extraction.language import detect_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "وزير النفط يصل موسكو"),
        ("ar", "قمة في طهران بين رئيسي البلدين"),
        ("ar", "رئیس الوزراء یستقبل الوفد الروسی فی بغداد"),
        ("ar", "كازاخستان وتركمانستان توقعان اتفاقية نقل"),
        ("fa", "وزیر نفت وارد مسکو شد"),
        ("fa", "رئیس جمهور با همتای روس خود دیدار کرد"),
        ("fa", "کشتی‌های روسی در بندر انزلی پهلو گرفتند"),
        ("ur", "وزیر خارجہ ماسکو پہنچ گئے ہیں"),
        ("ku", "سەرۆکی هەرێم لەگەڵ شاندێکی ڕووسیا کۆبووەوە"),
        ("en", "The foreign minister arrived in Moscow on Saturday for talks about the railway."),
        ("ru", "Министр иностранных дел прибыл в Тегеран для переговоров о железной дороге."),
        (None, "123 — !"),
        (None, ""),
    ],
)
def test_the_language_is_told(language: str | None, text: str) -> None:
    assert detect_language(text) == language
