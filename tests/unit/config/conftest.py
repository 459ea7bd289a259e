"""A small configuration on disk that every test may spoil."""

import shutil
from pathlib import Path

import pytest

GOOD = Path(__file__).parents[2] / "badconfig" / "_good"


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "config"))
