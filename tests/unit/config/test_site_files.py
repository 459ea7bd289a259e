"""Sites are read where a configuration only begins: no topics, no folder."""

from pathlib import Path

import pytest

from marsad.configuration import load_site_files
from marsad.sitefile import write_site
from models.configfile import ConfigErrors
from models.site import Feed, Site, Title

SHORE = Site(
    name="shore",
    title=Title(ar="الشاطئ"),
    publishes=(Feed(type="feed", url="https://shore.example/feed"),),
)


def test_a_folder_that_is_not_there_has_no_sites(tmp_path: Path) -> None:
    found = load_site_files(tmp_path / "new")
    assert found.sites == {}
    assert found.general.contact == ""


def test_a_first_site_file_is_enough(tmp_path: Path) -> None:
    write_site(tmp_path / "new" / "sites", SHORE)
    assert load_site_files(tmp_path / "new").sites == {"shore": SHORE}


def test_a_file_that_is_wrong_is_named(tmp_path: Path) -> None:
    path = write_site(tmp_path / "sites", SHORE)
    path.write_text("title: {ar: الشاطئ}\npreset: wordpres\n", encoding="utf-8")
    with pytest.raises(ConfigErrors, match="did you mean 'wordpress'"):
        load_site_files(tmp_path)
