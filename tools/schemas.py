"""Write the JSON Schema of ``.onetest.yml`` from the settings and their config policies.

    python tools/schemas.py          write docs/schemas/onetest-yml.schema.json
    python tools/schemas.py --check  exit with 1 if it is out of date

The schema describes one spelling of each value: numbers and ``true`` as YAML's own, words without quotes or
spaces around them. The command also reads others, such as ``'200'``. It refuses each key that
the schema lacks.
"""

import json
import re
import sys
from bisect import bisect_left
from pathlib import Path
from typing import Any, Final

from onetest_ci.settings import options, values
from onetest_ci.settings.option import Option

ROOT: Final = Path(__file__).parents[1]
FILE: Final = "docs/schemas/onetest-yml.schema.json"
_HOME: Final = "https://raw.githubusercontent.com/onetest/report-action/main/"

Schema = dict[str, Any]

_ANY_TEXT: Final = ["string", "number", "boolean"]
"""The command reads each value as the text that the file contains: the version ``1.10`` stays ``1.10``."""

# What ends a line for str.splitlines.
_BREAKS: Final = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
_PATH: Final = r"[^\x00]{0,4096}"
_PATH_LINE: Final = r"[^\x00\n]{0,4096}"
_PAIR: Final = r"\s*$|[^=]*[^=\s][^=]*="
_PAIR_LINE: Final = rf"[^\S{_BREAKS}]*|[^={_BREAKS}]*[^=\s][^={_BREAKS}]*=[^{_BREAKS}]*"


def schema() -> Schema:
    """Return the schema of ``.onetest.yml``."""
    allowed = {name: option for name, option in options().items() if not option.config_policy.refused}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _HOME + FILE,
        "title": "Settings of onetest-ci in .onetest.yml",
        "description": "The file comes with the code under test: it describes the reports and the run. "
        "A setting without a value, or with null, is not set.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {name: described(option) for name, option in allowed.items()},
    }


def described(option: Option) -> Schema:
    """Return the schema of one setting, with its help."""
    policy = option.config_policy.allowed
    text = option.help if policy == "yes" else f"{option.help} Here {policy}."
    about: Schema = {"description": text.replace("`", "'")}
    return about | (_several(option) if option.multiple else _one(option))


def _one(option: Option) -> Schema:
    """Return the schema of a setting that has one value."""
    accepts = option.config_policy.accepts
    limits = option.parse.limits if isinstance(option.parse, values.Limited) else {}
    if option.parse is values.boolean:
        return {"enum": [*filter(accepts, (True, False)), None]}
    if option.parse is values.path:
        return {"type": [*_ANY_TEXT, "null"], "pattern": r"^[^\x00]*$"}
    if option.parse is getattr(values, "percent", None):
        return {"type": ["number", "null"], "minimum": 0, "maximum": 100}
    if "enum" in limits:
        return {"enum": [*filter(accepts, limits["enum"]), None]}
    if "minimum" in limits:
        return {"type": ["integer", "null"]} | _within(option, **limits)
    # No number is an address.
    types = _ANY_TEXT if re.search(limits.get("pattern", ""), "0") else ["string"]
    return {"type": [*types, "null"], **limits}


def _within(option: Option, minimum: int, maximum: int) -> Schema:
    """Return the limits of a number. A policy can lower the largest one."""
    numbers = range(minimum, maximum + 1)
    refused = bisect_left(numbers, True, key=lambda number: not option.config_policy.accepts(number))
    return {"minimum": minimum, "maximum": numbers[refused - 1]}


def _several(option: Option) -> Schema:
    """Return the schema of a setting that has several values: a list, or a text with one a line."""
    types = ["string"] if option.is_pair else _ANY_TEXT
    line = f"(?:{_PAIR_LINE if option.is_pair else _PATH_LINE})"
    item = f"^(?:{_PAIR})" if option.is_pair else f"^{_PATH}$"
    forms: list[Schema] = [
        {"type": [*types, "null"], "pattern": rf"^{line}(?:\n{line})*$"},
        {"type": "array", "items": {"type": types, "pattern": item}},
    ]
    if option.is_pair:
        forms.append(
            {
                "type": "object",
                "propertyNames": {"pattern": r"^[^=]*[^=\s]"},
                "additionalProperties": {"type": _ANY_TEXT},
            }
        )
    return {"anyOf": forms}


def generated() -> str:
    """Return the text of the file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the file, or with ``--check`` print whether it is out of date."""
    path = ROOT / FILE
    if path.exists() and path.read_text(encoding="utf-8") == generated():
        return 0
    if sys.argv[1:] == ["--check"]:
        print(f"{FILE}: out of date; run make wrappers")
        return 1
    path.write_text(generated(), encoding="utf-8")
    print(f"{FILE}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
