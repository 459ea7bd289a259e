"""The configuration that Marsad ships: it is good, starts every new one, and is documented."""

import re
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import pytest

from marsad import initconfig
from marsad.check import check
from marsad.configuration import load
from marsad.initconfig import init, starter_directory
from marsad.schema import GENERATED, MODELS, reference, schema_texts, write_schemas
from marsad.settings import NAMES
from models.preset import PRESETS, PresetName

REPOSITORY = Path(__file__).parents[3]
CONFIG = REPOSITORY / "config"
SITES = sorted((CONFIG / "sites").glob("*.yaml"))


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """A copy, because a checkout may be writable by everybody."""
    directory = tmp_path / "config"
    init(directory)
    return directory


def test_a_started_configuration_is_good(shipped: Path) -> None:
    result = check(shipped)

    assert result.problems == ()
    assert [warning for warning in result.warnings if "contact is empty" not in warning] == []


def test_the_promised_topics_are_shipped_with_examples_of_both_kinds(shipped: Path) -> None:
    topics = load(shipped).topics

    assert {"iran-russia", "caspian"} <= set(topics)
    for topic in topics.values():
        assert topic.internal or {example.match for example in topic.examples} == {True, False}


def test_the_shipped_sites_are_read_politely(shipped: Path) -> None:
    sites = load(shipped).sites

    assert len(sites) > 40
    for site in sites.values():
        assert site.every.total_seconds() >= 600
        assert site.every_max == 4 * site.every
        assert site.delay.total_seconds() >= 5
        assert site.timezone != "UTC"
        assert site.title.ar
        assert site.title.en
    assert sites["al-quds-al-arabi"].delay.total_seconds() == 120


def test_no_host_is_listed_by_two_shipped_sites(shipped: Path) -> None:
    of_sites = [
        {urlsplit(way.url).hostname for way in site.publishes}
        for site in load(shipped).sites.values()
    ]
    hosts = [host for hosts in of_sites for host in hosts]

    assert len(set(hosts)) == len(hosts)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_known_to_schema_and_documentation(name: str) -> None:
    page = (REPOSITORY / "docs" / "add-a-site.md").read_text(encoding="utf-8")

    assert set(get_args(PresetName)) == set(PRESETS)
    assert f"| `{name}` | {PRESETS[name].about}" in page


@pytest.mark.parametrize("path", SITES, ids=lambda path: path.stem)
def test_a_shipped_site_says_what_is_known_of_its_feed(path: Path) -> None:
    comment = " ".join(re.findall(r"^#\s*(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE))

    assert "Feed: " in comment
    assert "not checked by this project" in comment


@pytest.mark.parametrize(
    "path",
    [CONFIG / "marsad.yaml", *SITES],
    ids=lambda path: str(path.relative_to(CONFIG)),
)
def test_an_editor_finds_the_schema_of_each_shipped_file(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)

    assert found is not None
    assert (path.parent / found[1]).resolve().parent == CONFIG / "schema"
    assert (path.parent / found[1]).is_file()


def test_the_schemas_are_current() -> None:
    # to renew: python -m marsad.schema
    for name, text in schema_texts().items():
        assert (CONFIG / "schema" / name).read_text(encoding="utf-8") == text


def test_no_schema_demands_a_name_which_the_file_gives(tmp_path: Path) -> None:
    written = write_schemas(tmp_path / "schema")

    assert sorted(path.stem for path in written) == sorted(MODELS)
    assert all('"name"' not in schema_required(path) for path in written)


def schema_required(path: Path) -> str:
    return path.read_text(encoding="utf-8").rsplit('"required"', 1)[-1]


def test_the_reference_of_all_keys_is_current() -> None:
    # to renew: python -m marsad.schema
    page = (REPOSITORY / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert page.split(GENERATED)[1] == reference()


def test_every_setting_is_explained_and_nothing_else(shipped: Path) -> None:
    text = (shipped / ".env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"MARSAD_[A-Z_]+", text)) == set(NAMES) - {"MARSAD_EVAL_DATA"}


def test_init_refuses_to_overwrite_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/marsad.yaml").write_text("access: open\n", encoding="utf-8")

    with pytest.raises(FileExistsError, match=r"nothing was written: .*marsad\.yaml exists"):
        init(tmp_path / "config")
    assert [path.name for path in (tmp_path / "config").rglob("*")] == ["marsad.yaml"]


def test_init_says_which_files_it_wrote(tmp_path: Path) -> None:
    written = init(tmp_path / "new" / "config")

    assert {path for path in (tmp_path / "new").rglob("*") if path.is_file()} == set(written)
    assert tmp_path / "new" / "config" / ".env.example" in written


def test_an_installed_marsad_starts_from_the_copy_in_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(initconfig, "_PACKAGE", tmp_path / "marsad")
    (tmp_path / "marsad/starter").mkdir(parents=True)
    (tmp_path / "marsad/starter/marsad.yaml").touch()

    assert starter_directory() == tmp_path / "marsad/starter"
