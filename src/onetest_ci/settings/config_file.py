"""Read ``.onetest.yml``, which comes with the code under test; ``config_policy`` has what it may hold."""

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from onetest_ci.errors import UsageProblem
from onetest_ci.redaction import mask_likely_secrets
from onetest_ci.safe_open import open_beneath, size_of_regular
from onetest_ci.settings import options
from onetest_ci.settings.config_policy import NOT_THE_KEY
from onetest_ci.settings.option import Option, variable_name
from onetest_ci.settings.split import split
from onetest_ci.settings.values import NotAllowed, NotGiven

_MAX_BYTES: Final = 256 * 1024
_REFUSED: Final = frozenset({"proxy", "proxies", "http-proxy", "https-proxy", "no-proxy"})
_NULL: Final = "tag:yaml.org,2002:null"


class TextLoader(yaml.BaseLoader):
    """Returns every value as text, so that the version 1.10 stays 1.10 and no tag makes an object.

    Aliases are refused: no setting needs them, and with them a small file can expand to a huge document.
    """

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Return the next node; an alias is an error."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not read", problem_mark=mark)
        return super().compose_node(parent, index)


TextLoader.add_implicit_resolver(_NULL, re.compile(r"(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
TextLoader.add_constructor(_NULL, lambda loader, node: None)  # noqa: ARG005 - yaml passes both by position


def read_config(path: Path, root: Path) -> dict[str, tuple[str, ...]]:
    """Return the texts of the settings in the file.

    Args:
        path: the file; it has to exist.
        root: the resolved directory that it has to lie in after links are followed.

    Raises:
        UsageProblem: ``bad-config``, ``config-refused``, ``config-unknown``.
    """
    allowed = options()
    found = {}
    for key, value in _document(path, root).items():
        name = str(key)
        option = _option(path, name, allowed)
        found[name] = _texts(path, name, value, option)
        for text in found[name]:
            _check_value(path, name, text, option)
    return found


def _read(path: Path, root: Path) -> bytes:
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root):
            raise _bad(path, f"is a link that leads out of {root}", "Put the settings into the file itself.")
        # A device may act as soon as it is opened, and a pipe waits for a writer.
        if not stat.S_ISREG(real.stat().st_mode):
            raise _bad(path, "is not a regular file", "Make it a file, or remove it.")
        with open_beneath(root, real) as file:
            if size_of_regular(file) is None:
                raise _bad(path, "is not a regular file", "Make it a file, or remove it.")
            return file.read(_MAX_BYTES + 1)
    except (OSError, RuntimeError) as problem:
        reason = getattr(problem, "strerror", "") or "it is a link to itself"
        raise _bad(path, f"cannot be read: {reason}", "Make it readable or remove it.") from None


def _document(path: Path, root: Path) -> dict[Any, Any]:
    raw = _read(path, root)
    if len(raw) > _MAX_BYTES:
        raise _bad(path, f"is larger than {_MAX_BYTES} bytes", "Shorten it; it is for settings only.")
    try:
        document = yaml.load(raw, Loader=TextLoader)  # noqa: S506 - makes texts, lists and mappings only
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise _bad(path, f"is not valid YAML ({where}{problem.problem})", "Correct the file.") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise _bad(path, "is not valid YAML", "Correct the file: UTF-8 text, not deeply nested.") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise _bad(path, "is not a mapping of settings", "Write lines such as: mode: launch")
    return document


def _option(path: Path, name: str, allowed: Mapping[str, Option]) -> Option:
    option = allowed.get(name)
    if name in _REFUSED or (option and option.config_policy.refused):
        why = option.config_policy.why if option else NOT_THE_KEY.why
        instead = variable_name(name) if option else "HTTPS_PROXY"
        raise UsageProblem(
            "config-refused",
            f"{path.name} may not set {name}: the file comes with the code under test and {why}.",
            f"Remove {name} from it and set {instead} in the CI configuration.",
        )
    if option is None:
        names = ", ".join(key for key, value in allowed.items() if not value.config_policy.refused)
        raise UsageProblem(
            "config-unknown",
            f"{path.name} sets {mask_likely_secrets(name)!r}, which is not a setting.",
            f"Allowed: {names}.",
        )
    return option


def _check_value(path: Path, name: str, text: str, option: Option) -> None:
    """Check that the file may hold a value. An invalid one is left to the parser's own error.

    Raises:
        UsageProblem: ``config-refused``.
    """
    try:
        value = option.parse(text)
    except (NotAllowed, NotGiven):
        return
    if not option.config_policy.accepts(value):
        raise UsageProblem(
            "config-refused",
            f"{path.name} may not set {name} to {mask_likely_secrets(text)}: the file comes with the code "
            f"under test and {option.config_policy.why} (allowed: "
            f"{option.config_policy.allowed.replace('`', '')}).",
            f"Remove {name} from it and set {variable_name(name)} in the CI configuration.",
        )


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
    raise _bad(path, f"sets {name} to a value of the wrong kind", f"Allowed: {kinds}.")


def _bad(path: Path, what: str, hint: str) -> UsageProblem:
    return UsageProblem("bad-config", f"{path.name} {what}.", hint)
