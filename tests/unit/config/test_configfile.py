"""Reading a file into a model: what is taken, what is refused, and where a problem is."""

import os
import stat
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.configfile import (
    MAX_BYTES,
    ConfigErrors,
    Problem,
    read_folder,
    read_model,
    read_model_with_positions,
)
from models.general import General
from models.site import Site

SITE = """title:
  ar: وكالة الساحل
publishes:
  - type: feed
    url: https://sahil.example/feed
"""


def written(folder: Path, text: str | bytes, name: str = "sahil.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(path: Path, model: type[Site] | type[General] = Site) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        read_model(path, model)
    return str(caught.value).replace(f"{path}:", "").splitlines()


def test_a_site_is_named_after_its_file(tmp_path: Path) -> None:
    site = read_model(written(tmp_path, SITE), Site)

    assert site.name == "sahil"
    assert site.title.ar == "وكالة الساحل"


def test_the_name_may_be_written_if_it_is_the_files(tmp_path: Path) -> None:
    assert read_model(written(tmp_path, "name: sahil\n" + SITE), Site).name == "sahil"


@pytest.mark.parametrize("text", ["", "# all defaults\n", "{}\n"], ids=["empty", "comment", "{}"])
def test_a_file_whose_keys_are_all_optional_may_be_empty(text: str, tmp_path: Path) -> None:
    assert read_model(written(tmp_path, text), General) == General()


@pytest.mark.parametrize(
    "encoded",
    [SITE.encode("utf-8-sig"), SITE.replace("\n", "\r\n").encode()],
    ids=["byte-order-mark", "windows-line-ends"],
)
def test_files_of_windows_editors_are_read(encoded: bytes, tmp_path: Path) -> None:
    loaded = read_model_with_positions(written(tmp_path, encoded), Site)

    assert loaded.value.publishes[0].url == "https://sahil.example/feed"
    assert loaded.positions.of(("publishes", 0, "url")) == (5, 10)


@pytest.mark.parametrize("word", ["no", "12:30:00", "2026-10-01", "0x1F", "on", "=", "1_000"])
def test_words_that_yaml_1_1_converted_stay_text(word: str, tmp_path: Path) -> None:
    path = written(tmp_path, SITE.replace("وكالة الساحل", word))

    assert read_model(path, Site).title.ar == word


def test_positions_are_those_of_values_and_of_keys(tmp_path: Path) -> None:
    positions = read_model_with_positions(written(tmp_path, SITE), Site).positions

    assert positions.of(("title", "ar")) == (2, 7)
    assert positions.of_key(("title", "ar")) == (2, 3)
    assert positions.of(("publishes", 0)) == (4, 5)
    assert positions.of(("publishes", 0, "not", "there")) == (4, 5)
    assert positions.of(("nowhere",)) == (1, 1)


def test_columns_count_characters_not_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, "title: {ar: وكالة الساحل, fr: Sahil}\n" + SITE.split("\n", 2)[2])

    assert refused(path) == ["1:27: title.fr: unknown key 'fr'; allowed: ar, en"]


def test_problems_are_sorted_and_all_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, SITE + "every: soon\nevry: 10m\nmax_articles: 0\n")

    assert [line.split(": ")[1] for line in refused(path)] == ["every", "evry", "max_articles"]


def test_a_mistake_of_the_text_does_not_hide_those_of_the_content(tmp_path: Path) -> None:
    path = written(tmp_path, SITE + "every: 5m\nevery: 9m\ndelay: soon\n")

    lines = refused(path)
    assert [line.split(":")[0] for line in lines] == ["7", "8"]
    assert "given twice; see line 6" in lines[0]


def test_thousands_of_mistakes_are_cut(tmp_path: Path) -> None:
    text = SITE + "".join(f"key{number}: 1\n" for number in range(3000))

    lines = refused(written(tmp_path, text))
    assert len(lines) == 51
    assert lines[-1] == "56:1: and 2950 more problems from here on"


def test_a_hundred_thousand_open_brackets_are_refused_at_once(tmp_path: Path) -> None:
    began = time.process_time()
    lines = refused(written(tmp_path, "[" * 100_000))

    assert lines == ["1:21: [0][0][0]: nested deeper than 20 levels"]
    assert time.process_time() - began < 2


def test_aliases_that_stand_for_millions_of_values_are_never_built(tmp_path: Path) -> None:
    levels = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    levels += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in pairwise("abcdefghi")]
    began = time.process_time()
    lines = refused(written(tmp_path, "\n".join(levels)))

    assert lines[-1].endswith("more problems from here on")
    assert any("aliases (*name) are not allowed" in line for line in lines)
    assert time.process_time() - began < 2


def test_a_file_of_the_largest_size_is_read_in_seconds(tmp_path: Path) -> None:
    count = (MAX_BYTES - 500) // len("    - .advert-000000\n")
    drop = "".join(f"    - .advert-{number:06}\n" for number in range(count))
    began = time.process_time()
    site = read_model(written(tmp_path, SITE + "selectors:\n  drop:\n" + drop), Site)

    assert len(site.selectors.drop) > 10_000
    assert time.process_time() - began < 10


def test_a_larger_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, SITE + "#" * MAX_BYTES)

    assert refused(path) == ["1:1: is larger than 256 KB; split it into several files"]


@pytest.mark.parametrize("mode", [0o646, 0o666, 0o602], ids=oct)
def test_a_file_that_everybody_may_write_is_refused(mode: int, tmp_path: Path) -> None:
    path = written(tmp_path, SITE)
    path.chmod(mode)

    [problem] = refused(path)
    assert problem == f"1:1: is writable by everybody; run: chmod o-w {path}"


def test_a_file_in_a_folder_that_everybody_may_write_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, SITE)
    tmp_path.chmod(stat.S_IRWXU | stat.S_IWOTH | stat.S_IXOTH)

    [problem] = refused(path)
    assert problem == f"1:1: its folder is writable by everybody; run: chmod o-w {tmp_path}"


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "sahil.yaml"
    os.mkfifo(path)

    assert refused(path) == ["1:1: is not a regular file"]


def test_a_file_that_does_not_exist_is_a_problem_too(tmp_path: Path) -> None:
    assert refused(tmp_path / "sahil.yaml") == ["1:1: cannot be read: No such file or directory"]


def test_a_folder_gives_all_files_by_name_and_leaves_editors_their_own(tmp_path: Path) -> None:
    written(tmp_path, SITE, "sahil.yaml")
    written(tmp_path, SITE, "jabal.yaml")
    for name in (".#sahil.yaml", ".sahil.yaml.swp", "sahil.yaml~", "4913", "README.md"):
        written(tmp_path, "not: [yaml", name)

    assert list(read_folder(tmp_path, Site)) == ["jabal", "sahil"]


def test_a_folder_that_is_absent_holds_nothing(tmp_path: Path) -> None:
    assert read_folder(tmp_path / "lexicon", Site) == {}


def test_the_problems_of_all_files_of_a_folder_come_together(tmp_path: Path) -> None:
    written(tmp_path, SITE + "evry: 10m\n", "sahil.yaml")
    written(tmp_path, "title: 5\n", "jabal.yaml")

    with pytest.raises(ConfigErrors) as caught:
        read_folder(tmp_path, Site)
    assert {Path(problem.file).name for problem in caught.value.problems} == {
        "sahil.yaml",
        "jabal.yaml",
    }


def problems_of(path: Path) -> tuple[Problem, ...]:
    """Nothing if the file is good; any other error than ConfigErrors fails the test."""
    try:
        read_model(path, Site)
    except ConfigErrors as errors:
        return errors.problems
    return ()


YAML_LIKE = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("[]{}:,-#&*!|>'\"%@`\n\t ~?aab01\\<=")), st.characters(codec="utf-8")
    ),
    max_size=80,
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=YAML_LIKE, cut=st.integers(0, len(SITE)))
def test_any_text_is_read_or_refused_with_its_place(text: str, cut: int, tmp_path: Path) -> None:
    path = written(tmp_path, SITE[:cut] + text + SITE[cut:])
    lines = path.read_text(encoding="utf-8").replace("\r\n", "\n").replace("\r", "\n").count("\n")
    for problem in problems_of(path):
        assert 1 <= problem.line <= lines + 2
        assert problem.column >= 1
        assert problem.message


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes, tmp_path: Path) -> None:
    problems_of(written(tmp_path, data))
