"""Each folder here is a mistake, named after it: files laid over _good, and what must be said.

A line of expected.txt that ends in ... gives only the beginning.
"""

import shutil
from itertools import zip_longest
from pathlib import Path

import pytest

from marsad.check import check

HERE = Path(__file__).parent
MISTAKES = sorted(path for path in HERE.iterdir() if path.is_dir() and path.name[0].isalpha())


def configuration_with(mistake: Path, directory: Path) -> Path:
    """The good configuration with the files of a mistake laid over it."""
    shutil.copytree(HERE / "_good", directory)
    overlay = shutil.ignore_patterns("expected.txt", "remove.txt")
    shutil.copytree(mistake, directory, dirs_exist_ok=True, ignore=overlay)
    removed = mistake / "remove.txt"
    for name in removed.read_text(encoding="utf-8").split() if removed.exists() else ():
        (directory / name).unlink()
    return directory


def said_of(directory: Path) -> list[str]:
    return [str(p).removeprefix(f"{directory}/") for p in check(directory).problems]


def as_expected(said: str | None, expected: str | None) -> str | None:
    """The expected line if it was said, else what was said."""
    if said is not None and expected is not None and expected.endswith("..."):
        return expected if said.startswith(expected.removesuffix("...")) else said
    return said


def test_the_configuration_below_the_mistakes_is_good(tmp_path: Path) -> None:
    result = check(shutil.copytree(HERE / "_good", tmp_path / "config"))

    assert result.problems == ()
    assert result.warnings == ()
    assert "1 site (1 enabled), 1 topic, 1 lexicon; all 2 examples behave" in result.summary


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda path: path.name)
def test_a_mistake_is_named_with_its_place_and_what_is_allowed(
    mistake: Path, tmp_path: Path
) -> None:
    directory = configuration_with(mistake, tmp_path / "config")

    expected = (mistake / "expected.txt").read_text(encoding="utf-8").splitlines()
    assert [as_expected(*pair) for pair in zip_longest(said_of(directory), expected)] == expected
