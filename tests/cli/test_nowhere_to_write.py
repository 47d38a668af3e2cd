"""A machine without a writable place: the message names what to mount or set."""

import errno
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from onetest_ci.errors import bundle_not_written, output_not_written
from support.command import COMMAND, environment, run
from support.running import GREEN

# Coverage would have no place for its data.
pytestmark = pytest.mark.unmeasured

# Everything is read-only, the directories for temporary files and for semaphores too, and there is no home.
READ_ONLY: Final = """
mount --make-rprivate /
for place in / /tmp /var/tmp /usr/tmp /dev/shm "$@PLACE@"; do
    test ! -d "$place" || { mount --bind "$place" "$place" && mount -o remount,bind,ro "$place"; } || exit 99
done
cd "$@PLACE@" && shift && exec "$@"
""".replace("$@PLACE@", "$1")
WITH_MEMORY: Final = ("sh", "-c", 'mount -t tmpfs none /var/tmp && exec "$@"', "sh")
UNSHARE: Final = ("unshare", "--mount") if os.name == "posix" and os.geteuid() == 0 else ("unshare", "-rm")
PRODUCT: Final = ("--product-id", "11111111-2222-4333-8444-555555555555")
ENV: Final = {
    "ONETEST_API_KEY": "ak_0123456789abcdef",
    "ONETEST_BASE_URL": "http://127.0.0.1:1",
    "ONETEST_WAIT_FOR_SERVICE": "0",
}


def read_only(
    place: Path, *args: str | Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command on a machine that nothing can be written to; a traceback is always a fault."""
    surroundings = environment(ENV | dict(env or {}))
    for name in ("HOME", "TMPDIR"):
        surroundings.pop(name, None)
    done = subprocess.run(
        [*UNSHARE, "sh", "-c", READ_ONLY, "sh", str(place), *map(str, args)],
        env=surroundings,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode == 99 or "unshare" in done.stderr:
        pytest.skip(f"no namespace of mounts: {done.stderr}")
    assert "Traceback" not in done.stderr
    assert "internal-error" not in done.stderr
    return done


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "r.xml").write_text(GREEN, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("args", "code", "error", "hints"),
    [
        (("collect", "r.xml"), 4, "bundle-not-written", ("--bundle (ONETEST_BUNDLE)", "--volume")),
        (("collect", "r.xml", "--bundle", "b"), 4, "bundle-not-written", ("--bundle", "--volume")),
        (("report", "r.xml", *PRODUCT), 4, "no-temporary-directory", ("TMPDIR", "--bundle", "--tmpfs /tmp")),
        (
            ("run", "r.xml", "--allow-stale", *PRODUCT, "--", "true"),
            4,
            "no-temporary-directory",
            ("TMPDIR", "--bundle", "--tmpfs /tmp"),
        ),
        (("report", "r.xml", *PRODUCT, "--bundle", "b"), 4, "bundle-not-written", ("--bundle", "--volume")),
        (("push", "kept", *PRODUCT), 4, "bundle-not-written", ("copy the bundle", "--volume")),
        (("emulator", "--port", "0"), 4, "no-temporary-directory", ("TMPDIR", "--database", "--tmpfs /tmp")),
        (("emulator", "--port", "0", "--database", "x.db"), 2, "database-unusable", ("can be written",)),
    ],
)
def test_the_message_names_what_to_mount_or_set(
    shop: Path, args: tuple[str, ...], code: int, error: str, hints: tuple[str, ...]
) -> None:
    assert run("collect", "r.xml", "--bundle", "kept", cwd=shop).returncode == 0
    done = read_only(shop, COMMAND, *args)
    assert (done.returncode, f"error[{error}]" in done.stderr) == (code, True), done.stderr
    _, _, told = done.stderr.partition(f"error[{error}]")
    for hint in hints:
        assert hint in told
    assert "GITHUB" not in told


def test_what_needs_no_place_works(shop: Path) -> None:
    # Enough for more than one process, which needs a place for semaphores.
    case = f"<testcase classname='c' name='t'><system-out>{'x' * 1_000_000}</system-out></testcase>"
    for number in range(5):
        (shop / f"{number}.xml").write_text(f"<testsuite name='s'>{case * 4}</testsuite>", encoding="utf-8")
    done = read_only(shop, COMMAND, "inspect", ".")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "6 reports: 21 tests: 21 passed")


def test_files_that_the_user_asked_for(shop: Path) -> None:
    outputs = ("--json", "o.json", "--summary", "s.md", "--junit", "j.xml", "--dotenv", "d.env")
    done = read_only(shop, *WITH_MEMORY, COMMAND, "report", "r.xml", "--dry-run", *PRODUCT, *outputs)
    assert done.returncode == 2
    assert done.stderr.count("error[output-not-written]") == 4
    assert done.stderr.count("In a container, mount one: `docker run") == 4


def test_results_that_cannot_be_moved_to_the_workspace(shop: Path) -> None:
    done = read_only(shop, *WITH_MEMORY, COMMAND, "report", "r.xml", *PRODUCT)
    assert done.returncode == 0
    note = next(line for line in done.stdout.splitlines() if "cannot be moved" in line)
    assert f"The bundle cannot be moved to {shop}, so it stays in a temporary directory" in note
    assert "--volume" in note
    assert "onetest-ci push /var/tmp/onetest-bundle-" in note


@pytest.mark.parametrize(
    ("number", "expected", "other"),
    [
        (errno.EROFS, "mount one", "Free some space"),
        (errno.EACCES, "mount one", "Free some space"),
        (errno.ENOSPC, "Free some space", "mount one"),
        (errno.ENOENT, "that can be written", "mount one"),
    ],
)
def test_the_advice_fits_the_reason(number: int, expected: str, other: str) -> None:
    problem = OSError(number, os.strerror(number))
    for error in (bundle_not_written("b", problem), output_not_written("o", problem)):
        assert expected in error.hint
        assert other not in error.hint
        assert os.strerror(number) in error.message
