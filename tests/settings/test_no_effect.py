"""Options that a run would ignore are an error or a warning."""

from collections.abc import Callable

import pytest

from onetest_ci.settings import Settings
from onetest_ci.settings.no_effect import check_effects

Load = Callable[..., Settings]


@pytest.mark.parametrize(
    ("command", "flags", "ignored"),
    [
        ("push", {"state": "s"}, ["state"]),
        ("push", {"state": "s", "untrusted": True}, []),
        ("report", {"environment-url": "https://x.example"}, ["environment-url"]),
        ("launch start", {"environment-url": "https://x.example"}, ["environment-url"]),
        ("report", {"environment-url": "https://x.example", "environment": "x"}, []),
        ("report", {"mode": "import", "item-type": "test", "finish": "never"}, ["finish", "item-type"]),
        ("run", {"mode": "import", "deployment": True}, ["deployment"]),
        ("run", {"mode": "import", "deployment": False}, []),
        ("report", {"mode": "auto", "deployment": True}, []),
    ],
)
def test_an_option_without_effect_is_a_warning(
    command: str, flags: dict[str, str | bool], ignored: list[str], settings: Load
) -> None:
    found = list(check_effects(command, settings(command, flags=flags), flags, {}))
    assert [text.partition(" ")[0] for text in found] == [f"--{name}" for name in ignored]
