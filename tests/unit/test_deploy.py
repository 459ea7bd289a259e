"""What installs Marsad: units that systemd accepts, compose files, and a wheel that holds all."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from marsad.settings import NAMES

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = ["marsad.service", "marsad-once.service"]

with_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def analyze(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@with_systemd
def test_systemd_finds_no_fault_with_the_units(tmp_path: Path) -> None:
    marsad = tmp_path / "marsad"
    marsad.touch(mode=0o755)
    for source in (DEPLOY / "systemd").iterdir():
        text = source.read_text(encoding="utf-8")
        # what is installed on a server is not here
        text = text.replace("/opt/marsad/.venv/bin/marsad", str(marsad))
        (tmp_path / source.name).write_text(text, encoding="utf-8")
    units = sorted(path for path in tmp_path.iterdir() if path != marsad)
    assert len(units) == 3
    done = analyze("verify", "--man=no", *units)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@with_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_the_services_are_exposed_little(name: str) -> None:
    done = analyze("security", "--offline=true", "--threshold=20", DEPLOY / "systemd" / name)
    assert done.returncode == 0, done.stdout.splitlines()[-1]


@pytest.mark.parametrize("path", sorted(DEPLOY.rglob("*")), ids=lambda path: path.name)
def test_only_settings_that_exist_are_named(path: Path) -> None:
    if path.is_file():
        found = re.findall(r"\bMARSAD_\w+", path.read_text(encoding="utf-8"))
        assert [name for name in found if name not in NAMES] == []


def test_both_services_are_hardened_alike() -> None:
    hardened = [
        (DEPLOY / "systemd" / name).read_text(encoding="utf-8").partition("DynamicUser")[2]
        for name in SERVICES
    ]
    assert hardened[0].partition("\n[Install]")[0].strip() == hardened[1].strip()


def test_the_compose_files_fit_together() -> None:
    yaml = YAML(typ="safe")
    alone = yaml.load(DEPLOY / "compose.yaml")
    further = yaml.load(DEPLOY / "compose.postgresql.yaml")
    for given in (alone, further):
        for service in given["services"].values():
            assert set(service.get("secrets", ())) <= set(given["secrets"])
    assert set(alone["services"]) < set(further["services"])


@pytest.mark.timeout(120)
def test_a_wheel_holds_the_configuration_and_the_migrations(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=True,
    )
    (wheel,) = tmp_path.glob("marsad-*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    environment = {name: text for name, text in os.environ.items() if name not in NAMES}

    def marsad(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "marsad", *arguments],
            cwd=tmp_path,
            env={**environment, "PYTHONPATH": str(installed)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    marsad("init", "starter")
    assert "sites" in marsad("check", "--config", "starter")
    # the migrations run, and the word counts are there
    assert "marsad_alerts 0.0" in marsad("metrics")
    assert "روسيا" in marsad("forms", "روسيا", "--class", "place")
