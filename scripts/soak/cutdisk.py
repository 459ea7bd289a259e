"""A disk in memory whose power is cut: what was synced is there, of the rest some is."""

import random
from dataclasses import dataclass, field
from typing import Any, ClassVar

import apsw

SECTOR = 512


class PowerCut(apsw.IOError):
    """The machine is off; nothing that was begun is known to have ended."""


@dataclass(slots=True)
class Content:
    """`synced` holds for sure; `live` is what the running machine sees. `created`: so is the name
    in its folder."""

    synced: bytearray = field(default_factory=bytearray)
    live: bytearray = field(default_factory=bytearray)
    unsynced: list[tuple[int, bytes | None]] = field(default_factory=list)
    created: bool = False

    def write(self, offset: int, data: bytes) -> None:
        _put(self.live, offset, data)
        self.unsynced.append((offset, bytes(data)))

    def truncate(self, size: int) -> None:
        del self.live[size:]
        self.unsynced.append((size, None))

    def sync(self) -> None:
        self.synced = bytearray(self.live)
        self.unsynced.clear()
        self.created = True

    def survivor(self, chance: random.Random) -> bytearray | None:
        """What is found after the cut: of each write that was not synced all, some sectors or
        nothing; None: not even the file."""
        if not self.created and chance.random() < 0.5:
            return None
        found = bytearray(self.synced)
        for offset, data in self.unsynced:
            fate = chance.random()
            if fate < 1 / 3:
                continue
            if data is None:
                del found[offset:]
            elif fate < 2 / 3:
                _put(found, offset, data)
            else:
                _put_torn(found, offset, data, chance)
        return found


class CutDisk:
    """Files by name. After `cut_in` more writes and syncs the power goes: `survivors` is what the
    next start finds."""

    def __init__(self, files: dict[str, bytearray], chance: random.Random, cut_in: int) -> None:
        self.files = {
            name: Content(bytearray(content), bytearray(content), created=True)
            for name, content in files.items()
        }
        self.survivors: dict[str, bytearray] | None = None
        self.cut_file: str | None = None
        self._unlinked: dict[str, Content] = {}
        self._chance = chance
        self._left = cut_in

    @property
    def is_off(self) -> bool:
        return self.survivors is not None

    def count(self, name: str) -> None:
        """Called before anything that changes a file. Raises PowerCut once; what the dead machine
        does afterwards changes nothing that is found."""
        self._left -= 1
        if self._left == 0:
            self.cut_file = name
            self.cut()
            raise PowerCut("the power is cut")

    def cut(self) -> None:
        gone = self._unlinked if self._chance.random() < 0.5 else {}
        found = {
            name: content.survivor(self._chance) for name, content in {**gone, **self.files}.items()
        }
        self.survivors = {name: content for name, content in found.items() if content is not None}

    def sync(self, content: Content) -> None:
        """Of a new file its folder, too, as SQLite does on Linux: what was deleted before stays
        so."""
        if not content.created:
            self._unlinked.clear()
        content.sync()

    def unlink(self, name: str, *, synced: bool) -> None:
        content = self.files.pop(name, None)
        if content is not None and not synced:
            self._unlinked[name] = content


class CutVfs(apsw.VFS):
    """Registered once; its files are on the disk that is in at the moment."""

    NAME: ClassVar = "cut"

    def __init__(self) -> None:
        super().__init__(self.NAME, base="")
        self.disk = CutDisk({}, random.Random(0), 0)

    # apsw asks for the shape of a VFSFile, not for its class
    def xOpen(self, name: Any, flags: list[int]) -> "CutFile":  # type: ignore[override]
        flags[1] = flags[0]
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        return CutFile(self.disk, str(path or f"temporary {id(flags)}"))

    def xAccess(self, path: str, flags: int) -> bool:
        return path in self.disk.files

    def xDelete(self, path: str, syncdir: bool) -> None:
        self.disk.count(path)
        self.disk.unlink(path, synced=syncdir)

    def xFullPathname(self, path: str) -> str:
        return path


class CutFile:
    """One opened file; locks are no matter, there is one connection."""

    def __init__(self, disk: CutDisk, name: str) -> None:
        self._disk = disk
        self._name = name
        self._content = disk.files.setdefault(name, Content())

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._content.live[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.count(self._name)
        self._content.write(offset, data)

    def xTruncate(self, size: int) -> None:
        self._disk.count(self._name)
        self._content.truncate(size)

    def xSync(self, flags: int) -> None:
        self._disk.count(self._name)
        self._disk.sync(self._content)

    def xFileSize(self) -> int:
        return len(self._content.live)

    def xLock(self, level: int) -> None:
        """Nobody else is there."""

    def xUnlock(self, level: int) -> None:
        """Nobody else is there."""

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return 4096

    def xDeviceCharacteristics(self) -> int:
        """What SQLite takes a Linux disk for: bytes beside those that are written stay whole."""
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xClose(self) -> None:
        """The content stays on its disk."""


def _put(content: bytearray, offset: int, data: bytes) -> None:
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _put_torn(content: bytearray, offset: int, data: bytes, chance: random.Random) -> None:
    start = 0
    while start < len(data):
        end = start + SECTOR - (offset + start) % SECTOR
        if chance.random() < 0.5:
            _put(content, offset + start, data[start:end])
        start = end
