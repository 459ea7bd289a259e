"""How much the shipped rules hang on single words: precision and recall with thinned lists.

    python benchmarks/thinned.py LABELLED.jsonl[.gz] ... [--share 0.25] [--times 6]

Each time a share of all entries but the first, and of all other spellings, is taken out of every
list at random, and the rules are measured on each file. The first entry of a list is what it is
about (إيران, روسيا, بحر قزوين): without it there is no topic to measure.
"""

import argparse
import random
from pathlib import Path

from alerts.matching.matcher import Matcher
from alerts.matching.quality import label_columns, measured
from marsad.configuration import load
from marsad.quality import judged
from models.lexicon import Keyword, Lexicon

HERE = Path(__file__).resolve().parent.parent


def thinned(lexicon: Lexicon, share: float, chance: random.Random) -> Lexicon:
    first, *others = (_thinned(entry, share, chance) for entry in lexicon.entries)
    kept = (entry for entry in others if chance.random() >= share)
    return lexicon.model_copy(update={"entries": (first, *kept)})


def _thinned(entry: Keyword, share: float, chance: random.Random) -> Keyword:
    variants = tuple(word for word in entry.variants if chance.random() >= share)
    return entry.model_copy(update={"variants": variants})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--share", type=float, default=0.25)
    parser.add_argument("--times", type=int, default=6)
    options = parser.parse_args()
    configuration = load(HERE / "config")
    columns = label_columns(configuration.matcher)
    files = {file: judged(file, columns).rows for file in options.files}
    for seed in range(options.times):
        chance = random.Random(seed)
        lexicons = {
            name: thinned(lexicon, options.share, chance)
            for name, lexicon in configuration.lexicons.items()
        }
        matcher = Matcher(dict(configuration.topics), lexicons)
        for file, rows in files.items():
            for quality in measured(matcher, rows):
                print(
                    f"{seed + 1}  {file.name:<20} {quality.topic:<12} "
                    f"precision {quality.precision}  recall {quality.recall}"
                )


if __name__ == "__main__":
    main()
