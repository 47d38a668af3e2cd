"""Read one file of a commit from a clone without git: images lack it, and a clone's settings can run code.

Formats: gitformat-pack(5), gitrepository-layout(5). The clone is as hostile as the code under test, so each
object is read with a limit and counts only if its content has the hash by which it was requested. From a
commit id that CI provides, no other content can be reached.
"""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import Final, NamedTuple

from onetest_ci.safe_open import open_regular

_MAX_OBJECT: Final = 32 * 1024 * 1024
_MAX_DELTAS: Final = 4096
_MAX_STORES: Final = 16
_MAX_PACKS: Final = 4096
_MAX_DEPTH: Final = 64
_MAX_ALTERNATES: Final = 64 * 1024
_FANOUT: Final = 256 * 4
_MAGIC: Final = b"\xfftOc\x00\x00\x00\x02"
_KINDS: Final = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_OFFSET_DELTA: Final = 6
_REF_DELTA: Final = 7
_LARGE_OFFSET: Final = 1 << 31
_SHA1_BYTES: Final = 20
_MOST_BITS: Final = 63
_DEFAULT_LENGTH: Final = 0x10000
_REGULAR: Final = frozenset({b"100644", b"100755", b"100664"})
_FOLDER: Final = frozenset({b"40000", b"040000"})


class ObjectMissing(Exception):
    """The clone does not contain an object, or only a damaged one."""


class NotAFile(Exception):
    """The path is a folder, a link or a submodule in the commit."""


class _Place(NamedTuple):
    """Where a pack holds an object."""

    pack: Path
    offset: int


def read_file(git_dir: Path, commit: str, path: str, limit: int) -> bytes | None:
    """Return the beginning of a file in a commit; None if the commit does not contain the path.

    Args:
        git_dir: git's directory that all worktrees share.
        commit: full id.
        path: relative to the top level, with ``/``.
        limit: maximum number of bytes returned.

    Raises:
        ObjectMissing: the clone lacks the commit, a folder of the path, or the file's content.
        NotAFile: the path is not a regular file.
    """
    stores = _stores(git_dir / "objects")
    tree = _header(_read(stores, commit, "commit"), "tree")[0]
    *folders, name = path.split("/")
    if len(folders) > _MAX_DEPTH:
        return None
    for folder in folders:
        found = _entry(_read(stores, tree, "tree"), folder, len(tree) // 2)
        if found is None or found[0] not in _FOLDER:
            return None
        tree = found[1]
    found = _entry(_read(stores, tree, "tree"), name, len(tree) // 2)
    if found is None:
        return None
    if found[0] not in _REGULAR:
        raise NotAFile(path)
    return _read(stores, found[1], "blob")[:limit]


def parents(git_dir: Path, commit: str) -> tuple[str, ...]:
    """Return the ids of a commit's parents, also of those that a shallow clone lacks.

    Raises:
        ObjectMissing: the clone lacks the commit.
    """
    return _header(_read(_stores(git_dir / "objects"), commit, "commit"), "parent")


def _header(commit: bytes, name: str) -> tuple[str, ...]:
    head = commit.partition(b"\n\n")[0].decode("ascii", "replace")
    lines = (line.partition(" ") for line in head.split("\n"))
    values = tuple(value for key, _, value in lines if key == name)
    if name == "tree" and not values:
        raise ObjectMissing(name)
    return values


def _entry(tree: bytes, name: str, id_bytes: int) -> tuple[bytes, str] | None:
    """Return mode and id of a tree's entry."""
    wanted, at = name.encode("utf-8", "surrogateescape"), 0
    while at < len(tree):
        end = tree.find(b"\0", at)
        if end < 0:
            return None
        mode, _, found = tree[at:end].partition(b" ")
        at = end + 1 + id_bytes
        if found == wanted:
            return mode, tree[end + 1 : at].hex()
    return None


def _stores(objects: Path) -> list[Path]:
    """Return the directories that hold objects: that of the clone, then those that it borrows from."""
    stores = [objects]
    for store in stores:
        try:
            with open_regular(store / "info" / "alternates") as file:
                lines = file.read(_MAX_ALTERNATES).decode("utf-8", "surrogateescape").splitlines()
            borrowed = [store / line for line in lines if line and not line.startswith("#")]
        except (OSError, ValueError):
            borrowed = []
        stores += [one for one in borrowed if one not in stores][: _MAX_STORES - len(stores)]
    return stores


def _read(stores: list[Path], object_id: str, kind: str) -> bytes:
    """Return an object's content, which has the hash of its id.

    Raises:
        ObjectMissing: no store contains it.
    """
    for content_kind, content in _candidates(stores, object_id):
        if content_kind == kind and _hash(kind, content, object_id) == object_id:
            return content
    raise ObjectMissing(object_id)


def _hash(kind: str, content: bytes, object_id: str) -> str:
    algorithm = "sha1" if len(object_id) == 2 * _SHA1_BYTES else "sha256"
    digest = hashlib.new(algorithm, f"{kind} {len(content)}\0".encode(), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()


def _candidates(stores: list[Path], object_id: str) -> Iterator[tuple[str, bytes]]:
    """Yield kind and content of each copy of an object that can be read."""
    for store in stores:
        with suppress(OSError, ValueError, zlib.error):
            yield _loose(store / object_id[:2] / object_id[2:])
        for index in sorted((store / "pack").glob("*.idx"))[:_MAX_PACKS]:
            with suppress(OSError, ValueError, IndexError, zlib.error):
                offset = _find(index, bytes.fromhex(object_id))
                if offset is not None:
                    yield _packed(index, offset, len(object_id) // 2)


def _loose(path: Path) -> tuple[str, bytes]:
    with open_regular(path) as file:
        content = _inflate(file, _MAX_OBJECT)
    header, end, body = content.partition(b"\0")
    kind, _, size = header.partition(b" ")
    if not end or size != str(len(body)).encode():
        raise ValueError("not an object")
    return kind.decode("ascii"), body


def _inflate(file: BufferedReader, limit: int) -> bytes:
    """Return what a zlib stream contains.

    Raises:
        ValueError: it contains more than the limit, or ends early.
    """
    stream, parts, size = zlib.decompressobj(), [], 0
    while not stream.eof:
        packed = stream.unconsumed_tail or file.read(64 * 1024)
        if not packed:
            raise ValueError("the stream ends early")
        parts.append(stream.decompress(packed, limit + 1 - size))
        size += len(parts[-1])
        if size > limit:
            raise ValueError("too large")
    return b"".join(parts)


def _find(index: Path, wanted: bytes) -> int | None:
    """Return the offset of an object in the pack of this index; None if the pack does not contain it."""
    with open_regular(index) as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            return None
        fanout = file.read(_FANOUT)
        starts = [int.from_bytes(fanout[at : at + 4]) for at in range(0, _FANOUT, 4)]
        low, high, total = (starts[wanted[0] - 1] if wanted[0] else 0), starts[wanted[0]], starts[-1]
        names = len(_MAGIC) + _FANOUT

        def number(at: int, size: int) -> int:
            file.seek(at)
            return int.from_bytes(file.read(size))

        while low < high:
            middle = (low + high) // 2
            file.seek(names + middle * len(wanted))
            name = file.read(len(wanted))
            if name == wanted:
                offsets = names + total * (len(wanted) + 4)
                offset = number(offsets + middle * 4, 4)
                if offset < _LARGE_OFFSET:
                    return offset
                return number(offsets + total * 4 + (offset - _LARGE_OFFSET) * 8, 8)
            low, high = (middle + 1, high) if name < wanted else (low, middle)
    return None


def _packed(index: Path, offset: int, id_bytes: int) -> tuple[str, bytes]:
    """Return kind and content of an object in a pack, which may be the changes to another object."""
    deltas: list[bytes] = []
    left = _MAX_OBJECT
    with open_regular(index.with_suffix(".pack")) as file:
        kind, size = _start(file, offset)
        while kind not in _KINDS:
            offset = _base_of(kind, offset, file, index, id_bytes)
            left -= size
            if len(deltas) >= _MAX_DELTAS or left < 0:
                raise ValueError("too many deltas")
            deltas.append(_inflate(file, size))
            kind, size = _start(file, offset)
        content = _inflate(file, size)
    for delta in reversed(deltas):
        content = _patched(content, delta)
    return _KINDS[kind], content


def _base_of(kind: int, offset: int, file: BufferedReader, index: Path, id_bytes: int) -> int:
    """Return the offset of a delta's base, and leave the file at the delta.

    Raises:
        ValueError: the pack does not contain the base.
    """
    base: int | None = None
    if kind == _OFFSET_DELTA:
        base = offset - _back(file)
    elif kind == _REF_DELTA:
        base = _find(index, file.read(id_bytes))
    if base is None or base < 0:
        raise ValueError("not an object")
    return base


def _start(file: BufferedReader, offset: int) -> tuple[int, int]:
    """Return type and size of the object at an offset, and leave the file behind them."""
    file.seek(offset)
    byte = file.read(1)[0]
    kind, size, shift = byte >> 4 & 7, byte & 15, 4
    while byte & 128:
        byte = file.read(1)[0]
        size |= (byte & 127) << shift
        shift += 7
        if size > _MAX_OBJECT:
            raise ValueError("too large")
    return kind, size


def _back(file: BufferedReader) -> int:
    """Return how far before this object its base begins."""
    byte = file.read(1)[0]
    distance = byte & 127
    while byte & 128:
        byte = file.read(1)[0]
        distance = (distance + 1) << 7 | byte & 127
        if distance > 1 << 62:
            raise ValueError("not a distance")
    if not distance:
        raise ValueError("an object is not its own base")
    return distance


class _Delta:
    """Reads a delta: numbers, and orders to copy from the base or to insert."""

    def __init__(self, delta: bytes) -> None:
        self._bytes = delta
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._bytes)

    def take(self) -> int:
        """Return the next byte."""
        self._at += 1
        return self._bytes[self._at - 1]

    def size(self) -> int:
        """Return a number of seven bits a byte, the lowest first."""
        value = shift = 0
        while shift <= _MOST_BITS:
            byte = self.take()
            value |= (byte & 127) << shift
            shift += 7
            if not byte & 128:
                break
        return value

    def part(self, base: bytes) -> bytes:
        """Return what the next order makes."""
        order = self.take()
        if not order & 128:
            self._at += order
            return self._bytes[self._at - order : self._at]
        place = sum(self.take() << 8 * bit for bit in range(4) if order & 1 << bit)
        length = sum(self.take() << 8 * bit for bit in range(3) if order & 16 << bit)
        return base[place : place + (length or _DEFAULT_LENGTH)]


def _patched(base: bytes, delta: bytes) -> bytes:
    """Return the object that a delta makes of its base.

    Raises:
        ValueError: it is a delta of another object, or damaged.
    """
    orders = _Delta(delta)
    base_size, target_size = orders.size(), orders.size()
    parts, made = [], 0
    while orders and made <= target_size <= _MAX_OBJECT:
        parts.append(orders.part(base))
        made += len(parts[-1])
        if not parts[-1]:
            break
    if orders or made != target_size or base_size != len(base):
        raise ValueError("a damaged delta")
    return b"".join(parts)
