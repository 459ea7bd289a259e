"""The figures of the sets of whole pages: python -m tests.quality.measure [SET] [-v].

Each page is read with each story: F1 of the text as a bag of words, a watched word of its
surroundings, the headline, the day.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.extraction.page import Extraction, extract
from tests.quality.pages.broadcasters import BROADCASTERS
from tests.quality.pages.dailies import DAILIES
from tests.quality.pages.decoys import DECOYS
from tests.quality.pages.mirages import MIRAGES
from tests.quality.pages.outlet import DISPATCHES, Page, Seen
from tests.quality.pages.portals import PORTALS
from tests.quality.pages.texts import Story
from tests.quality.pages.travellers import TRAVELLERS

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
WATCHED = re.compile(r"[إا]يران|روسي|روس|موسكو|طهران|قزوين|كرملين|أنزلي|بوتين|بوشهر")
SETS: Mapping[str, Mapping[str, Page]] = {
    "broadcasters": BROADCASTERS,
    "dailies": DAILIES,
    "portals": PORTALS,
    "travellers": TRAVELLERS,
    "decoys": DECOYS,
    "mirages": MIRAGES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What the reading of one page with one story is worth. `day_found` is what was read."""

    kind: str
    story: Story
    seen: Seen
    found: Extraction
    f1: float
    leaked: tuple[str, ...]
    title_right: bool
    day_found: str | None

    @property
    def silently_wrong(self) -> bool:
        return self.day_found is not None and self.day_found != self.seen.day


def words(text: str | None) -> Counter[str]:
    return Counter(re.findall(r"\w+", text or ""))


def _f1(found: str | None, seen: Seen, story: Story) -> float:
    expected = words("\n".join((*story.paragraphs, seen.more)))
    read = words(found)
    either = words(seen.either)
    for word, count in either.items():
        read[word] -= min(count, max(0, read[word] - expected[word]))
    read = +read
    return 2 * (read & expected).total() / max(1, read.total() + expected.total())


def worth(kind: str, page: Page, story: Story) -> Worth:
    seen = page(story)
    found = extract(
        seen.html, url=seen.url, content_type="text/html", site=None, entry=None, now=NOW
    )
    return Worth(
        kind=kind,
        story=story,
        seen=seen,
        found=found,
        f1=_f1(found.text, seen, story),
        leaked=tuple(WATCHED.findall(found.text or "")),
        title_right=found.title == (seen.title or story.title),
        day_found=None if found.published is None else found.published.date().isoformat(),
    )


def all_worths(pages: Mapping[str, Page]) -> Iterator[Worth]:
    for kind, page in pages.items():
        for story in DISPATCHES:
            yield worth(kind, page, story)


def _lines(name: str, worths: Sequence[Worth], *, verbose: bool) -> Iterator[str]:
    dated = [each for each in worths if each.seen.day is not None]
    low = [each for each in worths if each.f1 < 0.95]
    yield (
        f"{name}: {len(worths)} pages of {len({each.kind for each in worths})} kinds; leaks "
        f"{sum(bool(each.leaked) for each in worths)}; F1 mean "
        f"{sum(each.f1 for each in worths) / len(worths):.4f}, least "
        f"{min(each.f1 for each in worths):.3f}, below 0.95 {len(low)}; titles "
        f"{sum(each.title_right for each in worths)}; days right "
        f"{sum(each.day_found == each.seen.day for each in dated)} of {len(dated)}, wrong "
        f"{sum(each.silently_wrong for each in worths)}"
    )
    for each in worths:
        faults = [
            *([f"LEAK {each.leaked}"] if each.leaked else ()),
            *([f"F1 {each.f1:.3f}"] if each.f1 < 0.97 else ()),
            *([f"title {each.found.title!r}"] if not each.title_right else ()),
            *(
                [f"day {each.day_found}, {each.found.evidence['published']}"]
                if each.day_found != each.seen.day
                else ()
            ),
        ]
        if faults:
            yield f"  {each.kind} / {DISPATCHES.index(each.story)}: {'; '.join(faults)}"
            if verbose and (each.leaked or each.f1 < 0.97):
                yield "    " + (each.found.text or "").replace("\n", "\n    ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", default=list(SETS))
    parser.add_argument("-v", "--verbose", action="store_true", help="the texts as they were read")
    options = parser.parse_args()
    for name in options.sets:
        for line in _lines(name, list(all_worths(SETS[name])), verbose=options.verbose):
            print(line)


if __name__ == "__main__":
    main()
