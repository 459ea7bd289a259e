"""`scrapy list` and `scrapy crawl`: the crawler is an ordinary Scrapy project."""

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from tests.fakes.newssite import NewsSite, Page
from tests.unit.crawler.builders import OTHER, STORY, feed, page

ROOT = Path(__file__).parents[3]


async def scrapy(config: Path, *words: str, **environment: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scrapy",
        *words,
        cwd=ROOT,
        env={**os.environ, "MARSAD_CONFIG": str(config), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def site_file(config: Path, name: str, url: str, *, more: str = "") -> None:
    folder = config / "sites"
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yaml").write_text(
        f"title: {{ar: صحيفة المثال}}\ndelay: 0s\n{more}"
        f"publishes:\n  - {{type: feed, url: '{url}/feed/'}}\n",
        encoding="utf-8",
    )


async def test_the_enabled_sites_of_the_configuration_are_listed(tmp_path: Path) -> None:
    site_file(tmp_path, "first", "https://one.example.org")
    site_file(tmp_path, "second", "https://two.example.org")
    site_file(tmp_path, "third", "https://three.example.org", more="enabled: false\n")

    code, out, err = await scrapy(tmp_path, "list")

    assert (code, out.split()) == (0, ["first", "second"]), err


async def test_a_site_is_crawled_into_a_file_without_database_or_bot(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    async with NewsSite() as news:
        site_file(tmp_path, "sample", news.url)
        news.pages["/feed/"] = Page(feed(news.url, STORY, OTHER))
        news.pages[STORY.path] = Page(page(STORY))
        news.pages[OTHER.path] = Page(page(OTHER))

        code, _, err = await scrapy(
            tmp_path,
            *("crawl", "sample", "-O", str(output)),
            MARSAD_ALLOW_PRIVATE_NETWORKS=f"{news.host}:{news.port}",
        )

    assert code == 0, err
    lines = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert {line["title"] for line in lines} == {STORY.title, OTHER.title}
    assert {line["site"] for line in lines} == {"sample"}
    assert "Traceback" not in err
    assert "Warning" not in err


@pytest.mark.parametrize("words", [("crawl", "nothing"), ("list",)], ids=["crawl", "list"])
async def test_a_mistake_is_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    site_file(tmp_path, "broken", "ftp://example.org")

    code, _, err = await scrapy(tmp_path, *words)

    assert code != 0
    assert "broken.yaml" in err
