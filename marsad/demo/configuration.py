"""The configuration of the demo: the shipped topics, and the local news sites."""

import io
from collections.abc import Iterable
from pathlib import Path

from ruamel.yaml import YAML

from marsad.initconfig import starter_directory
from models.site import Site

_GENERAL = {"access": "open", "zone": "Asia/Baghdad"}


def write_demo_config(
    directory: Path, sites: Iterable[Site], *, shipped: Path | None = None
) -> Path:
    """Write a configuration folder for these sites; topics and lexicons are the shipped ones.

    `shipped`: where they come from, by default the configuration that Marsad ships. Files that
    are there are replaced. Returns `directory`.
    """
    source = shipped or starter_directory()
    _make_folder(directory)
    for folder in ("topics", "lexicon"):
        _make_folder(directory / folder)
        for path in sorted((source / folder).glob("*.yaml")):
            _write(directory / folder / path.name, path.read_text(encoding="utf-8"))
    _make_folder(directory / "sites")
    _write(directory / "marsad.yaml", _as_yaml(_GENERAL))
    for site in sites:
        facts = site.model_dump(mode="json", exclude_defaults=True)
        name = facts.pop("name")
        _write(directory / "sites" / f"{name}.yaml", _as_yaml(facts))
    return directory


def _as_yaml(facts: object) -> str:
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 200
    text = io.StringIO()
    writer.dump(facts, text)
    return text.getvalue()


# Marsad refuses a configuration that everybody may write, so the umask does not decide here.


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o644)
