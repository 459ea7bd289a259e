"""The whole configuration: what a load gives, and what its version stands for."""

from pathlib import Path

import pytest

from marsad.check import check
from marsad.configuration import load
from models.configfile import ConfigErrors
from models.general import General

WADI = Path("sites/wadi.yaml")


def test_a_load_gives_all_parts_by_name(directory: Path) -> None:
    configuration = load(directory)

    assert list(configuration.sites) == ["wadi"]
    assert list(configuration.topics) == ["caspian"]
    assert list(configuration.lexicons) == ["caspian"]
    assert configuration.general.access == "open"
    assert configuration.directory == directory


def test_without_marsad_yaml_the_defaults_hold(directory: Path) -> None:
    (directory / "marsad.yaml").unlink()

    assert load(directory).general == General()
    assert General().access == "approval"


def test_a_comment_does_not_change_the_version(directory: Path) -> None:
    before = load(directory).version
    text = (directory / WADI).read_text(encoding="utf-8")
    (directory / WADI).write_text(f"# read twice a day\n{text}", encoding="utf-8")

    assert load(directory).version == before


@pytest.mark.parametrize(
    ("file", "added"),
    [
        ("sites/wadi.yaml", "every: 20m\n"),
        ("topics/caspian.yaml", "max_age: 2d\n"),
        ("lexicon/caspian.yaml", "  - word: بحر الخزر\n"),
        ("marsad.yaml", "zone: Asia/Tehran\n"),
    ],
)
def test_an_edit_of_any_file_changes_the_version(file: str, added: str, directory: Path) -> None:
    before = load(directory).version
    with (directory / file).open("a", encoding="utf-8") as stream:
        stream.write(added)

    assert load(directory).version != before


def test_a_renamed_site_changes_the_version(directory: Path) -> None:
    before = load(directory).version
    (directory / WADI).rename(directory / "sites/valley.yaml")

    assert load(directory).version != before


def test_a_folder_that_is_absent_is_a_problem_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as caught:
        load(tmp_path / "nowhere")

    expected = f"{tmp_path / 'nowhere'}:1:1: is not a folder; marsad init DIR writes one"
    assert str(caught.value) == expected


def test_other_files_may_lie_in_the_folder(directory: Path) -> None:
    for name in ("README.md", ".env", ".env.example", "topics/README.md"):
        (directory / name).write_text("not for Marsad", encoding="utf-8")
    (directory / "backup").mkdir()

    assert load(directory).sites


def test_check_warns_of_what_is_allowed_but_not_wise(directory: Path) -> None:
    (directory / "marsad.yaml").unlink()
    with (directory / WADI).open("a", encoding="utf-8") as stream:
        stream.write("enabled: false\n")
    topic = "title: {ar: السدود}\nany: [سد]\n"
    (directory / "topics/dams.yaml").write_text(topic, encoding="utf-8")

    result = check(directory)
    assert result.problems == ()
    assert [warning.removeprefix(f"{directory}/").split(":")[0] for warning in result.warnings] == [
        "marsad.yaml",
        "sites",
        "topics/dams.yaml",
    ]


def test_check_counts_the_problems_of_a_bad_configuration(directory: Path) -> None:
    (directory / WADI).write_text("title: 5\n", encoding="utf-8")

    result = check(directory)
    assert len(result.problems) == 2
    assert result.summary == f"2 problems in {directory}"
