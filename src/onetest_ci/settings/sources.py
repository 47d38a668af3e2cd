"""Where the values of settings come from, and in what order."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

from onetest_ci.ci.context import CIContext
from onetest_ci.errors import UsageProblem
from onetest_ci.redaction import Secret
from onetest_ci.settings import Settings, options
from onetest_ci.settings.option import Option
from onetest_ci.settings.values import NotAllowed

CONFIG_NAME: Final = ".onetest.yml"

_MAX_CONFIG_BYTES = 256 * 1024
_MAX_KEY_BYTES = 4096
_REFUSED_IN_FILE: Final = frozenset({"proxy", "proxies", "http-proxy", "https-proxy", "no-proxy"})

FlagValue = str | bool | Sequence[str] | None


class Given(NamedTuple):
    """The texts of one setting and the source that gave them."""

    texts: tuple[str, ...]
    source: str


def load(
    command: str,
    flags: Mapping[str, FlagValue],
    *,
    environ: Mapping[str, str],
    cwd: Path,
    context: CIContext,
    stdin: TextIO,
) -> Settings:
    """Make the settings of one command.

    Args:
        command: its name; only its own options are looked at, whatever the environment holds.
        flags: values from the command line by option name; None or empty for what was not given.
        environ: environment variables.
        cwd: where ``.onetest.yml`` is looked for.
        context: what CI tells; names the launch and the build when nothing else does.
        stdin: read when the key file is ``-``.

    Raises:
        UsageProblem: a value is not allowed; the message names option, value and source, the hint what is
            allowed.
    """
    wanted = options(command)
    in_file = _read_config(cwd / CONFIG_NAME)
    values: dict[str, Any] = {}
    for name, option in wanted.items():
        given = (
            _from_flag(name, flags.get(name))
            or _from_input(name, option, environ)
            or _from_variable(name, option, environ)
            or in_file.get(name)
            or _from_ci(name, context)
        )
        if given:
            values[name.replace("-", "_")] = _parse(name, option, given)
    key_file = values.get("api_key_file")
    if key_file and ("api_key" not in values or flags.get("api-key-file")):
        values["api_key"] = _read_key(key_file, cwd, stdin)
    return Settings(**values)


def _from_flag(name: str, value: FlagValue) -> Given | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return Given((str(value).lower(),), f"the flag --{name}")
    texts = (value,) if isinstance(value, str) else tuple(text for text in value if text)
    return Given(texts, "the command line") if texts else None


def _from_input(name: str, option: Option, environ: Mapping[str, str]) -> Given | None:
    # Elsewhere INPUT_* may be anybody's. The runner keeps hyphens (actions/runner, ActionRunner.cs).
    if environ.get("GITHUB_ACTIONS") != "true":
        return None
    return _from_text(environ.get(f"INPUT_{name.upper()}", ""), option, f"the action input {name}")


def _from_variable(name: str, option: Option, environ: Mapping[str, str]) -> Given | None:
    variable = variable_name(name)
    return _from_text(environ.get(variable, ""), option, f"the environment variable {variable}")


def variable_name(name: str) -> str:
    """The environment variable of an option."""
    return "ONETEST_" + name.upper().replace("-", "_")


def _from_ci(name: str, context: CIContext) -> Given | None:
    told = {"launch-name": context.default_launch_name, "build-version": context.default_build_version}
    # What CI says is cut to fit, since the user did not choose it.
    value = told.get(name, "")[:255]
    return Given((value,), "CI") if value else None


def _from_text(text: str, option: Option, source: str) -> Given | None:
    if option.multiple:
        texts = tuple(line.strip() for line in text.splitlines() if line.strip())
        return Given(texts, source) if texts else None
    text = text.strip()
    return Given((text,), source) if text else None


def _parse(name: str, option: Option, given: Given) -> Any:
    parsed = []
    for text in given.texts:
        try:
            parsed.append(option.parse(text))
        except NotAllowed as problem:
            label = name.upper() if option.positional else f"--{name}"
            shown = "the value" if option.secret else repr(_shown(text))
            hint = f"Allowed: {problem}." + (f" {option.hint}" if option.hint else "")
            raise UsageProblem(
                "bad-option", f"{label}: {shown} from {given.source} is not allowed.", hint
            ) from None
    if option.multiple:
        return tuple(parsed)
    return Secret(parsed[0]) if option.secret else parsed[0]


def _shown(text: str) -> str:
    """A value fit for a message: no password of a URL, not endless."""
    return re.sub(r"://[^/@\s]*@", "://***@", text[:200])


def _read_key(name: str, cwd: Path, stdin: TextIO) -> Secret:
    """Read the API key from a file or standard input."""
    parse = options()["api-key"].parse
    source = "standard input" if name == "-" else f"the file {name}"
    try:
        if name == "-":
            text = stdin.read(_MAX_KEY_BYTES)
        else:
            with (cwd / name).open(encoding="utf-8") as file:
                text = file.read(_MAX_KEY_BYTES)
        return Secret(parse(text))
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not text"
        raise UsageProblem(
            "bad-key-file",
            f"--api-key-file: {source} cannot be read: {reason}.",
            "Name a file that holds only the key.",
        ) from None
    except NotAllowed as problem:
        raise UsageProblem(
            "bad-key-file", f"--api-key-file: what {source} holds is no API key.", f"Allowed: {problem}."
        ) from None


def _read_config(path: Path) -> dict[str, Given]:
    """The settings that ``.onetest.yml`` gives, checked against what it may say."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_CONFIG_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise _config_problem(
            path, f"cannot be read: {problem.strerror}", "Make it readable or remove it."
        ) from None
    if len(raw) > _MAX_CONFIG_BYTES:
        raise _config_problem(
            path, f"is larger than {_MAX_CONFIG_BYTES} bytes", "It holds settings only; shorten it."
        )
    document = _parse_yaml(path, raw)
    allowed = options()
    found: dict[str, Given] = {}
    for key, value in document.items():
        name = str(key)
        _check_config_key(path, name, allowed)
        texts = _config_texts(path, name, value, allowed[name])
        if texts:
            found[name] = Given(texts, path.name)
    return found


def _parse_yaml(path: Path, raw: bytes) -> dict[Any, Any]:
    import yaml  # noqa: PLC0415 - 0.04 s that most runs do not need

    try:
        document = yaml.safe_load(raw)
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise _config_problem(path, f"is not valid YAML{where}", "Mend the file.") from None
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise _config_problem(path, "is not a mapping of settings", "Write lines such as: mode: launch")
    return document


def _check_config_key(path: Path, name: str, allowed: Mapping[str, Option]) -> None:
    option = allowed.get(name)
    if name in _REFUSED_IN_FILE or (option and option.trusted_only):
        raise UsageProblem(
            "config-refused",
            f"{path.name} may not set {name}: the file comes with the code under test and must not say where "
            "the API key goes.",
            f"Remove {name} from it and set it in the CI configuration (for example {variable_name(name)}).",
        )
    if option is None:
        names = ", ".join(key for key, value in allowed.items() if not value.trusted_only)
        raise UsageProblem(
            "config-unknown", f"{path.name} sets {_shown(name)!r}, which is no setting.", f"Allowed: {names}."
        )


def _config_texts(path: Path, name: str, value: Any, option: Option) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, bool):
        return (str(value).lower(),)
    if isinstance(value, (str, int, float)):
        text = _from_text(str(value), option, "")
        return text.texts if text else ()
    if (
        option.multiple
        and isinstance(value, list)
        and all(isinstance(item, (str, int, float)) for item in value)
    ):
        return tuple(str(item) for item in value if str(item))
    if option.multiple and option.metavar.count("=") and isinstance(value, dict):
        return tuple(f"{key}={item}" for key, item in value.items())
    kinds = (
        "a text, a list or a mapping"
        if "=" in option.metavar
        else "a text or a list"
        if option.multiple
        else "one value"
    )
    raise _config_problem(path, f"gives {name} a value of the wrong kind", f"Allowed: {kinds}.")


def _config_problem(path: Path, what: str, hint: str) -> UsageProblem:
    return UsageProblem("bad-config", f"{path.name} {what}.", hint)
