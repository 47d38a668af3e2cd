"""Damage to a bundle at a random place: a bit, a block, a line, a file."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

_TEXTS: Final = {".json", ".jsonl", ".count"}
_BLOCK: Final = 512


def damage(bundle: Path, random: Random) -> str:
    """Damage one place; returns what was done, for people."""
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    if random.random() < 0.5:
        # Any byte is as likely as any other: large files are hit more often.
        file = random.choices(files, [path.stat().st_size for path in files])[0]
    else:
        kinds = sorted({path.relative_to(bundle).parts[0] for path in files})
        kind = random.choice(kinds)
        file = random.choice([path for path in files if path.relative_to(bundle).parts[0] == kind])
    name = random.choice([name for name in _DAMAGES if file.suffix in _TEXTS or not name.startswith("line")])
    before = {path: path.read_bytes() for path in files}
    for _ in range(100):
        where = _DAMAGES[name](file, random)
        now = {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
        if now != before:
            return f"{name} of {file.relative_to(bundle)}{where}"
        name = random.choice(["bit", "file removed"] if file.stat().st_size else ["file removed"])
    raise AssertionError("nothing was damaged")


def _bit(file: Path, random: Random) -> str:
    content = bytearray(file.read_bytes())
    if not content:
        return ""
    at, bit = random.randrange(len(content)), random.randrange(8)
    content[at] ^= 1 << bit
    file.write_bytes(content)
    return f" at {at}, bit {bit}"


def _block(file: Path, random: Random, block: Callable[[int], bytes]) -> str:
    content = file.read_bytes()
    at = random.randrange(len(content) + 1)
    size = min(random.randrange(1, _BLOCK), len(content) - at)
    file.write_bytes(content[:at] + block(size) + content[at + size :])
    return f" at {at}, {size} bytes"


def _lines(file: Path, random: Random, change: Callable[[list[bytes], int, int], None]) -> str:
    lines = file.read_bytes().splitlines(keepends=True)
    if not lines:
        return ""
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    change(lines, one, other)
    file.write_bytes(b"".join(lines))
    return f" {one + 1}, {other + 1}"


def _swap_lines(lines: list[bytes], one: int, other: int) -> None:
    lines[one], lines[other] = lines[other], lines[one]


def _truncate(file: Path, random: Random) -> str:
    size = random.randrange(file.stat().st_size + 1)
    with file.open("rb+") as opened:
        opened.truncate(size)
    return f" at {size}"


def _truncate_at_line(file: Path, random: Random) -> str:
    lines = file.read_bytes().splitlines(keepends=True)
    left = random.randrange(len(lines) + 1)
    file.write_bytes(b"".join(lines[:left]))
    return f" behind line {left}"


def _grow(file: Path, random: Random) -> str:
    with file.open("ab") as opened:
        opened.write(random.randbytes(random.randrange(1, _BLOCK)))
    return ""


def _remove(file: Path, _: Random) -> str:
    file.unlink()
    return ""


def _duplicate(file: Path, random: Random) -> str:
    copy = file.with_name(random.choice([f"{file.name}.1", f"2{file.name}", f"0{file.name[1:]}"]))
    copy.write_bytes(file.read_bytes())
    return f" as {copy.name}"


def _other(file: Path, random: Random) -> Path:
    root = next(path for path in file.parents if (path / "bundle.json").exists())
    return random.choice(sorted(path for path in root.rglob("*") if path.is_file()))


def _swap(file: Path, random: Random) -> str:
    other = _other(file, random)
    content = file.read_bytes()
    file.write_bytes(other.read_bytes())
    other.write_bytes(content)
    return f" with {other.name}"


def _overwrite(file: Path, random: Random) -> str:
    other = _other(file, random)
    file.write_bytes(other.read_bytes())
    return f" by {other.name}"


_DAMAGES: Final[dict[str, Callable[[Path, Random], str]]] = {
    "bit": _bit,
    "block of zeros": lambda file, random: _block(file, random, bytes),
    "block of noise": lambda file, random: _block(file, random, random.randbytes),
    "block removed": lambda file, random: _block(file, random, lambda _: b""),
    "line removed": lambda file, random: _lines(file, random, lambda lines, one, _: lines.__delitem__(one)),
    "line duplicated": lambda file, random: _lines(
        file, random, lambda lines, one, other: lines.insert(one, lines[other])
    ),
    "line replaced": lambda file, random: _lines(
        file, random, lambda lines, one, other: lines.__setitem__(one, lines[other])
    ),
    "lines swapped": lambda file, random: _lines(file, random, _swap_lines),
    "line end": _truncate_at_line,
    "file removed": _remove,
    "file truncated": _truncate,
    "file grown": _grow,
    "file duplicated": _duplicate,
    "file swapped": _swap,
    "file overwritten": _overwrite,
}
