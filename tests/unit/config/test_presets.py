"""A preset fills in what a site file leaves out, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models.configfile import read_model
from models.preset import PRESETS
from models.site import Feed, Selectors, Site, Title, WordPress

Read = Callable[[str], Site]

HEAD = "title: {ar: صحيفة الشاطئ}\n"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def of(text: str) -> Site:
        path = tmp_path / "shati.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        path.chmod(0o644)
        return read_model(path, Site)

    return of


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_makes_a_site_of_a_front_page(read: Read, name: str) -> None:
    site = read(f"preset: {name}\nhome: https://shati.example/\n")

    assert all(way.url.startswith("https://shati.example/") for way in site.publishes)
    assert site.timezone == (PRESETS[name].timezone or "UTC")


def test_the_addresses_of_wordpress_begin_with_the_front_page(read: Read) -> None:
    assert read("preset: wordpress\nhome: https://shati.example/ar\n").publishes == (
        Feed(type="feed", url="https://shati.example/ar/feed/"),
        WordPress(type="wordpress", url="https://shati.example/ar/"),
    )


def test_what_the_file_says_itself_wins_key_by_key(read: Read) -> None:
    site = read(
        "preset: nastooh\n"
        "publishes: [{type: feed, url: https://shati.example/all.xml}]\n"
        "timezone: Asia/Baghdad\n"
        "selectors: {date: time}\n"
    )

    assert [way.url for way in site.publishes] == ["https://shati.example/all.xml"]
    assert site.timezone == "Asia/Baghdad"
    assert site.selectors == Selectors(body=PRESETS["nastooh"].selectors["body"], date="time")


def test_a_site_that_is_made_in_code_may_name_a_preset_too() -> None:
    site = Site(
        name="shati",
        title=Title(ar="الشاطئ"),
        preset="sahifa",
        home="https://shati.example/",
        publishes=(Feed(type="feed", url="https://shati.example/feed/"),),
        selectors=Selectors(body=".text"),
    )

    assert site.selectors == Selectors(body=".text")
    assert Site.model_validate(site.model_dump()) == site
