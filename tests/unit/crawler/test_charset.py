"""Right Arabic, whatever the server declares."""

import pytest

from crawler.extraction.charset import decode

ARABIC = (
    "قال المتحدث باسم الوزارة إن السفينة غادرت ميناء أنزلي صباح اليوم متجهة إلى أستراخان، "
    "وإنها تحمل شحنة من الحبوب والفواكه."
)
ENCODINGS = ("utf-8", "windows-1256", "iso-8859-6", "utf-16")
# What ISO-8859-6 can write at all: no Persian letters, Arabic punctuation only in part.
PLAIN = ARABIC.replace("،", ",")


def page(text: str, meta: str | None) -> str:
    declared = f'<meta charset="{meta}">' if meta else ""
    return f"<html><head>{declared}</head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("real", ENCODINGS)
@pytest.mark.parametrize("meta", [None, *ENCODINGS, "iso-8859-1", "no-such-charset"])
@pytest.mark.parametrize("header", [None, *ENCODINGS, "iso-8859-1"])
def test_a_lying_declaration_does_not_spoil_the_text(
    real: str, meta: str | None, header: str | None
) -> None:
    content_type = f"text/html; charset={header}" if header else None

    assert PLAIN in decode(page(PLAIN, meta).encode(real), content_type)


def test_a_mark_at_the_start_decides() -> None:
    assert decode(b"\xef\xbb\xbf" + ARABIC.encode(), "text/html; charset=windows-1256") == ARABIC


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_characters_are_known_without_a_mark(encoding: str) -> None:
    assert decode(ARABIC.encode(encoding)) == ARABIC


def test_a_page_cut_in_the_middle_of_a_letter_stays_utf_8() -> None:
    text = decode(ARABIC.encode()[:-1] + b"\xd9")

    assert text.startswith(ARABIC[:-1])
    assert text.endswith("\ufffd")


def test_a_page_in_another_language_follows_its_declaration() -> None:
    assert decode("Dépêche".encode("iso-8859-1"), "text/html; charset=iso-8859-1") == "Dépêche"


@pytest.mark.parametrize("charset", ["base64", "hex", "rot13", "idna", "\u0000"])
def test_a_declaration_that_names_no_charset_is_passed_over(charset: str) -> None:
    assert decode(PLAIN.encode("windows-1256"), f"text/html; charset={charset}") == PLAIN
