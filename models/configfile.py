"""Reading one configuration file into a model, or saying everything that is wrong with it."""

import re
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from models.faults import Fault, faults_of
from models.yamltree import KeyPath, Positions, Value, parse_yaml

MAX_BYTES = 256 * 1024
# A file with one mistake in each of thousands of lines needs no thousands of messages.
MAX_PROBLEMS = 50

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong at one place of a file, and what is allowed there.

    `line` and `column` count from 1, in characters; a problem of the file as a whole is at 1:1.
    `where` is the place by its keys: publishes[0].url; empty for the whole file.
    """

    file: str
    line: int
    column: int
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        parts = (place, _on_one_line(self.where), _on_one_line(self.message))
        return ": ".join(part for part in parts if part)


class ConfigErrors(Exception):
    """Everything that is wrong with a configuration; one line a problem."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """A value, and where in which file each part of it stands."""

    file: Path
    value: T
    positions: Positions

    def problem(self, path: KeyPath, message: str, *, at_key: bool = False) -> Problem:
        """A problem that was found later, when the files were put together."""
        line, column = self.positions.of_key(path) if at_key else self.positions.of(path)
        return Problem(str(self.file), line, column, where(path), message)


def read_model(path: Path, model: type[T]) -> T:
    """The file's content as a model; ConfigErrors holds all problems of the file."""
    return read_model_with_positions(path, model).value


def read_model_with_positions(path: Path, model: type[T]) -> Loaded[T]:
    """As read_model, with the place of every value.

    A model with a field `name` is named after the file: it need not be written in it.
    """
    tree = parse_yaml(_read_text(path))
    if tree.mistakes:
        problems = [
            Problem(str(path), m.line, m.column, where(m.path), m.message) for m in tree.mistakes
        ]
        broken = tuple(mistake.path for mistake in tree.mistakes)
        if () not in broken and isinstance(tree.value, dict):
            problems += _refused(path, tree.value, tree.positions, model, except_in=broken)
        raise ConfigErrors(_first(problems))
    problems = _refused(path, tree.value, tree.positions, model)
    if problems:
        raise ConfigErrors(_first(problems))
    value = model.model_validate(_named(path, tree.value, model))
    return Loaded(path, value, tree.positions)


def read_folder(folder: Path, model: type[T]) -> dict[str, Loaded[T]]:
    """All files NAME.yaml of a folder, by name; ConfigErrors holds the problems of all of them.

    A folder that does not exist holds no files. Hidden files are an editor's own.
    """
    problems: list[Problem] = []
    loaded: dict[str, Loaded[T]] = {}
    if not folder.is_dir():
        return loaded
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.suffix == ".yml":
            problems.append(whole_file(path, f"would be ignored; name it {path.stem}.yaml"))
        if path.is_dir():
            problems.append(whole_file(path, "is a folder; move its files up, or it is ignored"))
            continue
        if path.suffix != ".yaml":
            continue
        try:
            loaded[path.stem] = read_model_with_positions(path, model)
        except ConfigErrors as errors:
            problems.extend(errors.problems)
    if problems:
        raise ConfigErrors(tuple(problems))
    return loaded


def where(path: KeyPath) -> str:
    """('publishes', 0, 'url') -> 'publishes[0].url'."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def whole_file(path: Path, message: str) -> Problem:
    """A problem of a file or folder that has no line of its own."""
    return Problem(str(path), 1, 1, "", message)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _refused(
    path: Path,
    value: Value,
    positions: Positions,
    model: type[BaseModel],
    except_in: tuple[KeyPath, ...] = (),
) -> list[Problem]:
    if value is None and any(field.is_required() for field in model.model_fields.values()):
        return [whole_file(path, f"the file is empty; {_needs(model)}")]
    if not isinstance(value, dict | None):
        line, column = positions.of(())
        message = f"must hold keys and values (key: value), not a list or a text; {_needs(model)}"
        return [Problem(str(path), line, column, "", message)]
    try:
        model.model_validate(_named(path, value, model))
    except ValidationError as error:
        faults = faults_of(error, model)
    else:
        faults = []
    problems = []
    if "name" in model.model_fields and (value or {}).get("name", path.stem) != path.stem:
        faults.append(Fault(("name",), f"must be the file's name, '{path.stem}', or left out"))
    for fault in faults:
        if any(fault.path[: len(broken)] == broken for broken in except_in):
            continue  # what could not be read is reported already
        if fault.path == ("name",) and "name" not in (value or {}):
            problems.append(whole_file(path, f"the file's name: {fault.message}"))
            continue
        line, column = (positions.of_key if fault.at_key else positions.of)(fault.path)
        problems.append(Problem(str(path), line, column, where(fault.path), fault.message))
    return problems


def _first(problems: list[Problem]) -> tuple[Problem, ...]:
    *first, last = sorted(problems)[: MAX_PROBLEMS + 1]
    if len(first) < MAX_PROBLEMS:
        return (*first, last)
    rest = f"and {len(problems) - MAX_PROBLEMS} more problems from here on"
    return (*first, replace(last, where="", message=rest))


def _named(path: Path, value: Value, model: type[BaseModel]) -> Value:
    content = value if isinstance(value, dict) else {}
    return {"name": path.stem, **content} if "name" in model.model_fields else dict(content)


def _needs(model: type[BaseModel]) -> str:
    required = [
        name for name, field in model.model_fields.items() if field.is_required() and name != "name"
    ]
    return "it needs at least: " + ", ".join(required) if required else "all keys are optional"


def _read_text(path: Path) -> str:
    """The text of a file that is safe to trust. Raises ConfigErrors."""
    try:
        _refuse_strangers(path)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigErrors((whole_file(path, f"cannot be read: {error.strerror}"),)) from error
    if len(data) > MAX_BYTES:
        message = f"is larger than {MAX_BYTES // 1024} KB; split it into several files"
        raise ConfigErrors((whole_file(path, message),))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", errors="replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        message = f"is not UTF-8 (byte 0x{data[error.start]:02x}); save the file as UTF-8"
        raise ConfigErrors((Problem(str(path), line, column, "", message),)) from error
    return re.sub(r"\r\n?", "\n", text)


def _refuse_strangers(path: Path) -> None:
    """Whoever writes a site file decides what this program fetches, so nobody else may."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise ConfigErrors((whole_file(path, "is not a regular file"),))
    if mode & stat.S_IWOTH:
        raise ConfigErrors((whole_file(path, f"is writable by everybody; run: chmod o-w {path}"),))
    if path.parent.stat().st_mode & stat.S_IWOTH:
        message = f"its folder is writable by everybody; run: chmod o-w {path.parent}"
        raise ConfigErrors((whole_file(path, message),))
