"""A file that changes before it is packed: something beside the command that acts at the worst moment.

Python loads this by its name when PYTHONPATH leads here. When the command opens MEANWHILE_FILE to pack it, it
has read it to its end. MEANWHILE_DO happens to it before it is opened.
"""

import gzip
import os
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

_file = Path(os.environ["MEANWHILE_FILE"])
_done: list[str] = []


def _remove() -> None:
    _file.unlink()


def _replace_by_directory() -> None:
    _file.unlink()
    _file.mkdir()


def _replace_by_fifo() -> None:
    _file.unlink()
    os.mkfifo(_file)


def _replace_by_loop() -> None:
    _file.unlink()
    _file.symlink_to(_file.name)


def _replace_by_link() -> None:
    _file.unlink()
    _file.symlink_to("other")


def _replace_by_hard_link() -> None:
    _file.unlink()
    _file.hardlink_to(_file.with_name("other"))


def _replace() -> None:
    shutil.move(_file.with_name("other"), _file)


def _append() -> None:
    with _file.open("ab") as file:
        file.write(b"<!-- more -->")


def _cut() -> None:
    os.truncate(_file, _file.stat().st_size // 2)


def _empty_zip() -> None:
    zipfile.ZipFile(_file, "w").close()


def _gzip_of_other_content() -> None:
    _file.write_bytes(gzip.compress(b"other"))


_DO = {
    "remove": _remove,
    "replace by a directory": _replace_by_directory,
    "replace by a FIFO": _replace_by_fifo,
    "replace by a loop": _replace_by_loop,
    "replace by a link": _replace_by_link,
    "replace by a hard link": _replace_by_hard_link,
    "replace": _replace,
    "append": _append,
    "cut": _cut,
    "empty the archive": _empty_zip,
    "compress other content": _gzip_of_other_content,
}


def _is_packed() -> bool:
    """Return whether a file is opened to be packed, and not to be read."""
    frame = sys._getframe()  # noqa: SLF001 - there is no other way to see who opens it
    while (caller := frame.f_back) is not None:
        if caller.f_code.co_name == "_add_member":
            return True
        frame = caller
    return False


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event != "open" or _done or not isinstance(args[0], str | os.PathLike):
        return
    if os.fspath(args[0]) == str(_file) and _is_packed():
        _done.append(os.environ["MEANWHILE_DO"])
        _DO[_done[0]]()


sys.addaudithook(_watch)
