"""The lock of a bundle: one process at a time."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from onetest_ci.bundle import lock
from onetest_ci.errors import BundleError

HOLD = """
import sys
from pathlib import Path
from onetest_ci.bundle.lock import locked
from onetest_ci.errors import BundleError
try:
    with locked(Path(sys.argv[1]), "held"):
        print("locked")
except BundleError as error:
    print(error.code)
"""


def result_elsewhere(directory: Path) -> str:
    """What another process prints that locks the same file."""
    command = (sys.executable, "-c", HOLD, str(directory))
    return subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout.strip()


def test_a_lock_excludes_a_second_process(tmp_path: Path) -> None:
    (tmp_path / "held").touch()
    with lock.locked(tmp_path, "held"):
        assert result_elsewhere(tmp_path) == "bundle-in-use"
    assert result_elsewhere(tmp_path) == "locked"


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module as Windows imports it, where another process holds the byte."""

    def locking(_: int, mode: int, __: int) -> None:
        raise PermissionError(13, f"mode {mode}")

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2, LK_UNLCK=0))
    monkeypatch.setattr(sys, "platform", "win32")
    spec = importlib.util.spec_from_file_location("lock_on_windows", lock.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_windows_locks_as_well(on_windows: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "held").touch()
    with pytest.raises(BundleError) as caught, on_windows.locked(tmp_path, "held"):
        pass
    assert caught.value.code == "bundle-in-use"
    assert (tmp_path / "held").read_bytes() == b""
