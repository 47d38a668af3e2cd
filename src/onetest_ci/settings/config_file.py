"""``.onetest.yml``: settings that come with the code under test, so it may not say where the key goes."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from onetest_ci.errors import UsageProblem
from onetest_ci.settings import options
from onetest_ci.settings.option import Option
from onetest_ci.settings.texts import shown, split, variable_name

_MAX_BYTES: Final = 256 * 1024
_REFUSED: Final = frozenset({"proxy", "proxies", "http-proxy", "https-proxy", "no-proxy"})
_NULL: Final = "tag:yaml.org,2002:null"


class _Loader(yaml.BaseLoader):
    """Leaves every value as it is written, so that the version 1.10 stays 1.10 and no tag makes an object.

    Aliases are refused: a setting does not need them, and they let a small file stand for a huge one.
    """

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not read", problem_mark=mark)
        return super().compose_node(parent, index)


_Loader.add_implicit_resolver(_NULL, re.compile(r"(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_constructor(_NULL, lambda loader, node: None)  # noqa: ARG005 - yaml passes both by position


def read_config(path: Path) -> dict[str, tuple[str, ...]]:
    """The texts of the settings that the file gives.

    Args:
        path: the file; it has to exist.

    Raises:
        UsageProblem: ``bad-config``, ``config-refused``, ``config-unknown``.
    """
    allowed = options()
    found = {}
    for key, value in _document(path).items():
        name = str(key)
        found[name] = _texts(path, name, value, _option(path, name, allowed))
    return found


def _document(path: Path) -> dict[Any, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as problem:
        raise _bad(path, f"cannot be read: {problem.strerror}", "Make it readable or remove it.") from None
    if len(raw) > _MAX_BYTES:
        raise _bad(path, f"is larger than {_MAX_BYTES} bytes", "It holds settings only; shorten it.")
    try:
        document = yaml.load(raw, Loader=_Loader)  # noqa: S506 - makes texts, lists and mappings only
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise _bad(path, f"is not valid YAML ({where}{problem.problem})", "Mend the file.") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise _bad(path, "is not valid YAML", "Mend the file: UTF-8 text, not nested deeply.") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise _bad(path, "is not a mapping of settings", "Write lines such as: mode: launch")
    return document


def _option(path: Path, name: str, allowed: Mapping[str, Option]) -> Option:
    option = allowed.get(name)
    if name in _REFUSED or (option and option.trusted_only):
        instead = variable_name(name) if option else "HTTPS_PROXY"
        raise UsageProblem(
            "config-refused",
            f"{path.name} may not set {name}: the file comes with the code under test and must not say where "
            "the API key goes.",
            f"Remove {name} from it and set {instead} in the CI configuration.",
        )
    if option is None:
        names = ", ".join(key for key, value in allowed.items() if not value.trusted_only)
        raise UsageProblem(
            "config-unknown", f"{path.name} sets {shown(name)!r}, which is no setting.", f"Allowed: {names}."
        )
    return option


def _texts(path: Path, name: str, value: Any, option: Option) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return split(value, option)
    pairs = option.multiple and option.is_pair
    if pairs and isinstance(value, dict):
        value = [f"{key}={item}" if isinstance(item, str) else None for key, item in value.items()]
    if option.multiple and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(item for item in value if item.strip())
    kinds = "one value"
    if option.multiple:
        kinds = "a text, a list of texts" + (" or a mapping of texts" if pairs else "")
    raise _bad(path, f"gives {name} a value of the wrong kind", f"Allowed: {kinds}.")


def _bad(path: Path, what: str, hint: str) -> UsageProblem:
    return UsageProblem("bad-config", f"{path.name} {what}.", hint)
