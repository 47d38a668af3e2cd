"""Settings while they are still text: their names in each source, and how they are split and shown."""

import re
from typing import Final

from onetest_ci.settings.option import Option

# What OneTest's and ReportPortal's keys begin with (contract §1): a key put into the wrong variable.
_KEY: Final = re.compile(r"\b(ak|octo|rp)_[^\s/]{8,}")
_CREDENTIALS: Final = re.compile(r"://[^/@\s]*@")
_SHOWN: Final = 200


def variable_name(name: str) -> str:
    """The environment variable of an option."""
    return "ONETEST_" + name.upper().replace("-", "_")


def input_name(name: str) -> str:
    """The variable that holds an action input; the runner keeps hyphens (actions/runner, ActionRunner.cs)."""
    return "INPUT_" + name.upper()


def plugin_name(name: str) -> str:
    """The variable that holds a setting of a plugin step."""
    return "PLUGIN_" + name.upper().replace("-", "_")


def split(text: str, option: Option) -> tuple[str, ...]:
    """The values in one text: its lines for an option that takes several; empty ones are not given."""
    values = text.splitlines() if option.multiple else [text]
    return tuple(value.strip() for value in values if value.strip())


def shown(text: str) -> str:
    """A value fit for a message: no password of a URL, nothing that looks like a key, not endless."""
    return _KEY.sub(r"\1_***", _CREDENTIALS.sub("://***@", text))[:_SHOWN]
