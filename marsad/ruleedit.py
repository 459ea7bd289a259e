"""An edit of a topic or list, made in the text of its file: comments and layout stay."""

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from alerts.telegram.rulebook import Edit, Trouble

# Keys whose value is a number or a duration that an operator may set.
NUMBERS: Final = frozenset(
    {"within", "count", "at_least", "times", "score", "cap", "weight", "slop", "max_age"}
)
_STEP = re.compile(r"([a-z_]+)|\[([0-9]+)\]")
_NUMBER = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,3})?")
# nothing is younger than zero: the topic would be dumb
_DURATION = re.compile(r"[1-9][0-9]{0,4}[smhdw]")


class EditRefused(ValueError):
    """The edit cannot be made in this file."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(f"the edit cannot be made: {trouble}")


def edited(text: str, edit: Edit) -> str:
    """The text of the file with the edit made. Raises EditRefused."""
    tree = _yaml().load(text)
    if edit.operation == "drop":
        return _without(text, tree, edit)
    plain = _dumped(tree)
    _OPERATIONS[edit.operation](tree, edit)
    return _carried_over(text, plain, _dumped(tree))


def words_of(tree: Any, *keys: str) -> Iterator[str]:
    """The words that are listed directly under these keys of the file."""
    for key in keys:
        for item in tree.get(key) or ():
            if isinstance(item, str):
                yield item
            elif isinstance(item, dict) and isinstance(item.get("word"), str):
                yield item["word"]


def numbers_of(tree: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """What can be set in the file, by its place."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == "examples":
                continue
            inner = f"{place}.{key}" if place else str(key)
            if key in NUMBERS and isinstance(value, int | float | str):
                yield inner, str(value)
            else:
                yield from numbers_of(value, inner)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from numbers_of(value, f"{place}[{index}]")


def lists_of(tree: Any) -> Iterator[str]:
    """The lists that a topic refers to."""
    if isinstance(tree, dict):
        if isinstance(tree.get("list"), str):
            yield tree["list"]
        for key, value in tree.items():
            if key != "examples":
                yield from lists_of(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from lists_of(value)


def read(text: str) -> Any:
    return _yaml().load(text)


def _add(tree: CommentedMap, edit: Edit) -> None:
    if edit.value in words_of(tree, "entries", "any"):
        raise EditRefused("present")
    if "entries" in tree:
        entry = CommentedMap({"word": edit.value})
        entry.fa.set_flow_style()
        tree["entries"].append(entry)
    elif isinstance(tree.get("any"), list):
        tree["any"].append(edit.value)
    else:
        # a first `any` would ask for more than the rule asks for now
        raise EditRefused("place")


def _forbid(tree: CommentedMap, edit: Edit) -> None:
    if "entries" in tree:
        raise EditRefused("place")
    if edit.value in words_of(tree, "none"):
        raise EditRefused("present")
    if not isinstance(tree.get("none"), list):
        keys = list(tree)
        before = keys.index("examples") if "examples" in keys else len(keys)
        tree.insert(before, "none", CommentedSeq())
    tree["none"].append(edit.value)


def _without(text: str, tree: CommentedMap, edit: Edit) -> str:
    """The text without the item that is this word. Of a list with one item a line its lines go
    and nothing else: a comment belongs to what stands below it, which ruamel does not know."""
    for key in ("entries", "any", "none", "all"):
        listed: Any = tree.get(key) or ()
        for index, item in enumerate(listed):
            if edit.value != (item.get("word") if isinstance(item, dict) else item):
                continue
            if len(listed) > 1 and not listed.fa.flow_style():
                return _without_lines(text, listed.lc.item(index)[0])
            plain = _dumped(tree)
            del listed[index]
            if not listed:
                del tree[key]
            return _carried_over(text, plain, _dumped(tree))
    raise EditRefused("absent")


def _without_lines(text: str, first: int) -> str:
    """Without the item of a list that begins in this line, up to the last line of its own."""
    lines = text.splitlines(keepends=True)
    last = end = first + 1
    while end < len(lines):
        line = lines[end]
        if line.strip() and not line.lstrip().startswith("#"):
            if _indent(line) <= _indent(lines[first]):
                break
            last = end + 1
        end += 1
    return "".join(lines[:first] + lines[last:])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _set(tree: CommentedMap, edit: Edit) -> None:
    value = _value(edit.value)
    place = edit.place
    if place == "max_age" and "entries" not in tree:
        keys = list(tree)
        if "max_age" not in keys:
            tree.insert(keys.index("title") + 1 if "title" in keys else 0, "max_age", value)
            return
    found = [at for at, _ in numbers_of(tree) if at == place or at.rpartition(".")[2] == place]
    if len(found) != 1:
        raise EditRefused("place")
    *way, last = _steps(found[0])
    inner: Any = tree
    for step in way:
        inner = inner[step]
    if inner[last] == value:
        raise EditRefused("present")
    inner[last] = value


def _steps(place: str) -> list[str | int]:
    return [name or int(index) for name, index in _STEP.findall(place)]


def _value(text: str) -> int | float | str:
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if _DURATION.fullmatch(text):
        return text
    raise EditRefused("number")


_OPERATIONS: Final[dict[str, Callable[[CommentedMap, Edit], None]]] = {
    "add": _add,
    "forbid": _forbid,
    "set": _set,
}


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _dumped(tree: Any) -> str:
    stream = StringIO()
    _yaml().dump(tree, stream)
    return stream.getvalue()


def _carried_over(text: str, plain: str, changed: str) -> str:
    """The lines that differ between `plain` and `changed`, which ruamel laid out both, in the text
    as it stands: what the edit does not touch stays as its author wrote it."""
    own, before, after = (part.splitlines(keepends=True) for part in (text, plain, changed))
    place = _Alignment(before, own)
    lines: list[str] = []
    position = 0
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        start, end = place(i1), place(i2)
        if start is None or end is None or start < position:
            return changed
        lines += own[position:start] + after[j1:j2]
        position = end
    result = "".join(lines + own[position:])
    yaml = _yaml()
    return result if yaml.load(result) == yaml.load(changed) else changed


class _Alignment:
    """Which line of one text begins where a line of the other does; None where nobody can tell."""

    def __init__(self, first: list[str], second: list[str]) -> None:
        matcher = SequenceMatcher(None, first, second, autojunk=False)
        self._length = (len(first), len(second))
        self._place = {
            block.a + offset: block.b + offset
            for block in matcher.get_matching_blocks()
            for offset in range(block.size)
        }

    def __call__(self, line: int) -> int | None:
        if line == self._length[0]:
            return self._length[1]
        if line in self._place:
            return self._place[line]
        before = self._place.get(line - 1)
        return None if before is None else before + 1
