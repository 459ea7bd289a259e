"""The starter configuration: the one that Marsad ships, copied to where the operator edits it."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


class StarterMissing(Exception):
    """This installation holds no starter configuration; install Marsad again."""


def init(directory: Path) -> list[Path]:
    """Copy the shipped configuration into a folder; returns the files written, in order.

    Raises FileExistsError, before anything is written, if one of the files is there already.
    """
    starter = starter_directory()
    sources = sorted(
        path
        for path in starter.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(starter).parts)
    )
    copies = {directory / path.relative_to(starter): path for path in sources}
    copies[directory / ".env.example"] = starter / ".env.example"
    taken = [str(target) for target in copies if target.exists()]
    if taken:
        more = f" and {len(taken) - 1} more exist" if len(taken) > 1 else " exists"
        raise FileExistsError(f"nothing was written: {taken[0]}{more}; name a new folder")
    for target, source in copies.items():
        _make_folder(target.parent)
        target.write_bytes(source.read_bytes())
        target.chmod(0o644)
    return list(copies)


def starter_directory() -> Path:
    """The shipped configuration: in the package when installed, in the checkout otherwise."""
    for place in (_PACKAGE / "starter", _PACKAGE.parent / "config"):
        if (place / "marsad.yaml").is_file():
            return place
    raise StarterMissing(StarterMissing.__doc__)


def _make_folder(folder: Path) -> None:
    """A configuration that everybody may write is refused, whatever the umask is here."""
    if not folder.exists():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o755)
