"""The examples of docs/tools.md do what the page says."""

import re
import shlex
from pathlib import Path

import pytest

from tests.unit.marsad.conftest import Run, write_config

PAGE = (Path(__file__).parents[3] / "docs" / "tools.md").read_text(encoding="utf-8")
YAML_FILES = dict(re.findall(r"```yaml\n# config/(\S+)\n(.*?)```", PAGE, re.DOTALL))
(ARTICLES,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES = re.findall(r"```console\n\$ marsad ([^\n]+)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[c.split()[0] for c, _ in EXAMPLES])
def test_an_example_of_the_page_prints_what_it_shows(
    marsad: Run, tmp_path: Path, command: str, output: str
) -> None:
    grain, sea = YAML_FILES["topics/grain.yaml"], YAML_FILES["lexicon/sea.yaml"]
    (tmp_path / "articles.jsonl").write_text(ARTICLES, encoding="utf-8")
    write_config(tmp_path / "config", {"grain": grain}, {"sea": sea})
    edited = grain.replace("[قمح, ذرة]", "[قمح, ذرة, شعير]")
    write_config(tmp_path / "edited", {"grain": edited}, {"sea": sea})
    printed = marsad(*shlex.split(command)).output
    missing = [line for line in output.splitlines() if line not in printed]
    assert not missing, printed


def test_every_tool_is_shown() -> None:
    shown = {command.split()[0] for command, _ in EXAMPLES}
    assert shown == {"replay", "diff", "quality", "lint", "forms", "import-rule"}
