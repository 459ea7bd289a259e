"""Pages as newspaper4k and news-please read them, for benchmarks/extraction.py to compare.

    PYTHON benchmarks/peers.py newspaper4k|news-please MANIFEST.jsonl

Runs under the Python of an environment that has the library and needs nothing of Marsad: both
libraries are no dependencies. Prints a JSON object a page: id, text, title, day, seconds of CPU.
"""

import importlib
import json
import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin

Found = tuple[str | None, str | None, Any]
"""Text, title, and the moment of publication."""


def newspaper4k() -> Callable[[str, str], Found]:
    newspaper: Any = importlib.import_module("newspaper")

    def read(html: str, url: str) -> Found:
        article = newspaper.Article(url, language="ar")
        article.download(input_html=html)
        article.parse()
        return article.text, article.title, article.publish_date

    return read


def news_please() -> Callable[[str, str], Found]:
    library: Any = importlib.import_module("newsplease")

    def read(html: str, url: str) -> Found:
        article = library.NewsPlease.from_html(html, url=url)
        return article.maintext, article.title, article.date_publish

    return read


PEERS = {"newspaper4k": newspaper4k, "news-please": news_please}


def _address(url: str) -> str:
    """As they take it: whole, and ASCII only."""
    return quote(urljoin("https://sample.example/", url), safe=":/?&=%")


def main(name: str, manifest: Path) -> None:
    logging.disable(logging.ERROR)
    read = PEERS[name]()
    rows = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    for number, row in enumerate([rows[0], *rows]):
        html = (manifest.parent / row["file"]).read_bytes().decode("utf-8", "replace")
        started = time.process_time()
        try:
            text, title, moment = read(html, _address(row["url"]))
        except Exception as error:  # noqa: BLE001 - what it cannot read counts as empty
            print(f"{row['id']}: {type(error).__name__}", file=sys.stderr)
            text, title, moment = None, None, None
        seconds = time.process_time() - started
        if number:  # the first is read twice: imports and patterns
            day = moment.date().isoformat() if moment else None
            found = {"id": row["id"], "text": text or "", "title": title or "", "day": day}
            print(json.dumps({**found, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
