"""Writes the word counts that `marsad lint` knows frequent words by.

    python scripts/count-words.py CORPUS.jsonl.gz ... --output alerts/matching/word_counts.txt.gz

A corpus is JSON lines with title and text (.gz too). Words are folded as the matcher folds them;
the output holds the most frequent word forms with their counts and nothing else of the texts.
"""

import argparse
import gzip
from collections import Counter
from itertools import islice
from pathlib import Path

from alerts.matching.alphabet import text_of
from alerts.matching.folding import Folded
from marsad.rows import BadRow, read_rows

_MOST_WORDS = 30_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", nargs="+", metavar="CORPUS")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--most", type=int, default=_MOST_WORDS)
    options = parser.parse_args()
    counts: Counter[bytes] = Counter()
    articles = 0
    for corpus in options.corpora:
        for row in read_rows(corpus):
            if isinstance(row, BadRow):
                parser.error(f"{corpus}: {row}")
            articles += 1
            counts.update(Folded(f"{row.document.title}\n{row.document.text}").words.split())
    lines = [f"# {counts.total()} words of {articles} articles; folded; the commonest first"]
    words = ((text_of(word), count) for word, count in counts.most_common())
    letters = ((word, count) for word, count in words if word.isalpha())
    lines += [f"{word} {count}" for word, count in islice(letters, options.most)]
    data = "".join(f"{line}\n" for line in lines).encode()
    options.output.write_bytes(gzip.compress(data, 9, mtime=0))


if __name__ == "__main__":
    main()
