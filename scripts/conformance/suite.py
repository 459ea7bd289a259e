"""python-telegram-bot's source distribution: its tests are in no wheel, and we keep no copy."""

import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

PACKAGE = "python-telegram-bot"


class NoSuite(Exception):
    """The tests are not there; run: python -m scripts.conformance fetch"""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def fetch(folder: Path) -> Path:
    """Download the source of the installed version and unpack it; where it is."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", PACKAGE, "--no-build-isolation", "--dest", str(folder)]
    subprocess.run([*command, f"{PACKAGE}=={version(PACKAGE)}"], check=True)
    (archive,) = folder.glob(f"python_telegram_bot-{version(PACKAGE)}.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return suite(folder)


def suite(folder: Path) -> Path:
    """The unpacked source of the installed version. Raises NoSuite."""
    found = folder / f"python_telegram_bot-{version(PACKAGE)}"
    if not (found / "tests" / "conftest.py").is_file():
        raise NoSuite
    return found


def files_with_requests(source: Path) -> list[str]:
    """The test files that hold request tests, as paths below the source."""
    files = sorted((source / "tests").rglob("test_*.py"))
    return [
        str(file.relative_to(source))
        for file in files
        if "WithRequest" in file.read_text(encoding="utf-8")
    ]
