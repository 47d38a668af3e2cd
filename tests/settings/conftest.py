"""Settings made from sources that a test spells out."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from onetest_ci.ci.context import CIContext
from onetest_ci.settings import Settings
from onetest_ci.settings.option import Option
from onetest_ci.settings.sources import FlagValue, load
from onetest_ci.settings.values import NotAllowed

_ON_GITHUB = {"GITHUB_ACTIONS": "true"}

Load = Callable[..., Settings]


@pytest.fixture
def settings(tmp_path: Path) -> Load:
    """Load the settings of a command from the test's sources only."""

    def made(
        command: str = "report",
        *,
        flags: Mapping[str, FlagValue] | None = None,
        inputs: Mapping[str, str] | None = None,
        environ: Mapping[str, str] | None = None,
        config: str | bytes | None = None,
        context: CIContext | None = None,
        stdin: str = "",
    ) -> Settings:
        if config is not None:
            text = config.encode() if isinstance(config, str) else config
            (tmp_path / ".onetest.yml").write_bytes(text)
        given = {f"INPUT_{name.upper()}": value for name, value in (inputs or {}).items()}
        found, _ = load(
            command,
            flags or {},
            environ={**(environ or {}), **given, **(_ON_GITHUB if inputs else {})},
            cwd=tmp_path,
            context=context or CIContext(),
            stdin=io.StringIO(stdin),
        )
        return found

    return made


def _accepted(option: Option, text: str) -> bool:
    try:
        option.parse(text)
    except NotAllowed:
        return False
    return True


@pytest.fixture(scope="session")
def valid() -> Callable[[Option, int], str]:
    """A value that the option takes; those for 0 and 1 differ."""

    def text(option: Option, number: int) -> str:
        candidates = [
            f"{number}f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10",
            f"https://host{number}.example",
            f"{number + 1}",
            f"key{number}=value",
            f"{number}" * 40,
            ("true", "false")[number],
            *option.metavar.split("|")[number : number + 1],
        ]
        return next(one for one in candidates if _accepted(option, one))

    return text


@pytest.fixture(scope="session")
def bad() -> Callable[[Option], str]:
    """A value that the option does not take."""

    def text(option: Option) -> str:
        return next(one for one in ("no such value", "x" * 3000, "a\0b") if not _accepted(option, one))

    return text
