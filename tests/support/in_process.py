"""``onetest-ci``, run in this process: a table of many cases needs no process for each of them.

It starts where the installed command does, behind the imports, and prints into a text. It is for rules over a
table; that the installed command obeys the rule is for tests with ``support.command.run``.
"""

import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from onetest_ci.cli.app import run
from support.command import COMMAND, environment


def run_here(
    *args: str | Path, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``onetest-ci`` with only the given environment, as ``support.command.run`` does."""
    command = [COMMAND, *map(str, args)]
    out, err = _printed(), _printed()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        given = environment(env)
        for name in os.environ.keys() - given.keys():
            patch.delenv(name)
        for name, value in given.items():
            patch.setenv(name, value)
        patch.chdir(cwd)
        patch.setattr(sys, "argv", command)
        code = run()
    done = subprocess.CompletedProcess(command, code, _text(out), _text(err))
    assert "Traceback" not in done.stderr, done.stderr
    return done


def _printed() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
