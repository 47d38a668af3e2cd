"""Files that change while they are packed: something beside the command that acts at the worst moment.

Python loads this by its name when PYTHONPATH leads here. When the command has opened MEANWHILE_LAST to read
it, all files before it have been read. The thread that packs waits for that moment, and does MEANWHILE_DO to
MEANWHILE_FILE before it opens its first file.
"""

import gzip
import os
import shutil
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

_file = Path(os.environ["MEANWHILE_FILE"])
_last = os.environ["MEANWHILE_LAST"]
_all_read = threading.Event()
_done = threading.Event()


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


def _is_read() -> bool:
    """Whether a file is opened to be read, and not for a look at what kinds of files there are."""
    frame = sys._getframe()  # noqa: SLF001 - there is no other way to see who opens it
    while (caller := frame.f_back) is not None:
        if caller.f_code.co_name == "read_part":
            return True
        frame = caller
    return False


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event != "open" or not isinstance(args[0], str | os.PathLike):
        return
    if threading.current_thread().name != "report-archive":
        if os.fspath(args[0]).endswith(_last) and _is_read():
            _all_read.set()
    elif not _done.is_set():
        _done.set()
        _all_read.wait()
        _DO[os.environ["MEANWHILE_DO"]]()


sys.addaudithook(_watch)
