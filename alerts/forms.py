"""Counted nouns in Arabic and English."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The forms of a counted noun (CLDR plural categories); `{n}` is the count."""

    zero: str
    one: str
    two: str
    few: str
    many: str
    other: str

    def of(self, count: int) -> str:
        """Arabic: 0, 1, 2, then by the last two digits 3-10 few, 11-99 many, 00-02 other."""
        if count in (0, 1, 2):
            form = (self.zero, self.one, self.two)[count]
        elif 3 <= count % 100 <= 10:
            form = self.few
        else:
            form = self.many if count % 100 >= 11 else self.other
        return form.format(n=count)
