"""Where the values of settings come from, and in what order."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

from onetest_ci.ci.context import CIContext
from onetest_ci.ci.credentials import credentials_in_urls
from onetest_ci.ci.path_map import local_pattern
from onetest_ci.ci.variable_references import is_unreplaced
from onetest_ci.errors import UsageProblem
from onetest_ci.redaction import Redactor, Secret, mask_likely_secrets
from onetest_ci.settings import Settings, options
from onetest_ci.settings.option import Option, input_name, plugin_name, variable_name
from onetest_ci.settings.split import split, split_plugin_text
from onetest_ci.settings.values import NotAllowed, NotGiven

CONFIG_NAME: Final = ".onetest.yml"

_KEY_FILE: Final = "api-key-file"
_MAX_KEY_BYTES: Final = 4096
_MAX_TOLD: Final = 255
# https://woodpecker-ci.org/docs/usage/plugins/creating-plugins, https://docs.drone.io/plugins/overview/
_PLUGIN_HOSTS: Final = frozenset({"woodpecker", "drone"})

FlagValue = str | bool | Sequence[str] | None


class Given(NamedTuple):
    """The texts of one setting, the source that gave them, and its place in the order of sources."""

    texts: tuple[str, ...]
    source: str
    rank: int


def load(
    command: str,
    flags: Mapping[str, FlagValue],
    *,
    environ: Mapping[str, str],
    cwd: Path,
    context: CIContext,
    stdin: TextIO,
) -> tuple[Settings, Redactor]:
    """Make the settings of one command, and the redactor of its secrets.

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
    config, root = _from_config(cwd, context)
    given: dict[str, Given] = {}
    warnings: list[str] = []
    for name, option in wanted.items():
        found = (
            ("the command line", _from_flag(flags.get(name))),
            (f"the action input {name}", _from_input(name, option, environ)),
            (f"the plugin setting {name}", _from_plugin(name, option, environ, context)),
            (f"the environment variable {variable_name(name)}", _from_variable(name, option, environ)),
            (CONFIG_NAME, config.get(name, ())),
            ("CI", _from_ci(name, context, shared=bool({"launch", "launch-key"} & given.keys()))),
        )
        kept = ((source, _replaced(texts, option, source, context, warnings)) for source, texts in found)
        first = next((Given(texts, source, at) for at, (source, texts) in enumerate(kept) if texts), None)
        if first:
            given[name] = first
    # The keys come first, so that no message about another value shows one.
    given = {name: _here(wanted[name], one, context) for name, one in given.items()}
    secrets = _secrets(wanted, given, cwd, stdin)
    in_urls = credentials_in_urls(environ)
    redact = Redactor((*secrets.values(), *in_urls.secrets), in_urls.logins)
    values: dict[str, Any] = {**secrets}
    for name, first in given.items():
        if not wanted[name].secret:
            values[name] = _parse(name, wanted[name], first, redact, warnings)
    values["warnings"] = tuple(warnings)
    values["from_config"] = frozenset(name for name, one in given.items() if one.source == CONFIG_NAME)
    values["config_root"] = root
    settings = Settings(**{name.replace("-", "_"): value for name, value in values.items()})
    if root is not None:
        from onetest_ci.settings.config_paths import check_config_paths  # noqa: PLC0415 - few have the file

        check_config_paths(settings, cwd)
    return settings, redact


def without_keys(environ: Mapping[str, str], context: CIContext) -> dict[str, str]:
    """Return the environment without the variables that hold a key, or the path of a key's file."""
    removed = set()
    for name, option in options().items():
        if option.secret or name == _KEY_FILE:
            removed.add(variable_name(name))
            # Elsewhere these names may be anybody's.
            if _from_input(name, option, environ):
                removed.add(input_name(name))
            if _from_plugin(name, option, environ, context):
                removed.add(plugin_name(name))
    return {name: value for name, value in environ.items() if name not in removed}


def _replaced(
    texts: tuple[str, ...], option: Option, source: str, context: CIContext, warnings: list[str]
) -> tuple[str, ...]:
    """The texts without references to variables that the host does not have; one warning for each.

    Only in what the host hands over: on a command line and in a file such a text means itself.
    """
    if source in {"the command line", CONFIG_NAME, "CI"}:
        return texts
    kept = []
    for text in texts:
        value = text.partition("=")[2] if option.is_pair else text
        if not is_unreplaced(value, context.host):
            kept.append(text)
            continue
        warnings.append(
            f"{source} holds {mask_likely_secrets(text)}, which {context.host_name} did not replace: "
            "there is no such variable, or not for this run. It counts as not given."
        )
    return tuple(kept)


def _here(option: Option, given: Given, context: CIContext) -> Given:
    """Paths as this process can use them, from whichever step they come."""
    if not option.is_path or not context.path_map:
        return given
    return given._replace(texts=tuple(local_pattern(text, context.path_map) for text in given.texts))


def _from_flag(value: FlagValue) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, bool):
        return (str(value).lower(),)
    texts = (value,) if isinstance(value, str) else value
    return tuple(text for text in texts if text.strip())


def _from_input(name: str, option: Option, environ: Mapping[str, str]) -> tuple[str, ...]:
    # Elsewhere INPUT_* may be anybody's.
    if environ.get("GITHUB_ACTIONS") != "true":
        return ()
    return split(environ.get(input_name(name), ""), option)


def _from_plugin(
    name: str, option: Option, environ: Mapping[str, str], context: CIContext
) -> tuple[str, ...]:
    """A setting of a plugin step."""
    if context.host not in _PLUGIN_HOSTS:
        return ()
    return split_plugin_text(environ.get(plugin_name(name), ""), option)


def _from_variable(name: str, option: Option, environ: Mapping[str, str]) -> tuple[str, ...]:
    return split(environ.get(variable_name(name), ""), option)


def _from_config(cwd: Path, context: CIContext) -> tuple[dict[str, tuple[str, ...]], Path | None]:
    """Return the texts that ``.onetest.yml`` gives, and the directory that its paths stay below."""
    path = cwd / CONFIG_NAME
    if not os.path.lexists(path):
        return {}, None
    from onetest_ci.settings.config_file import read_config  # noqa: PLC0415 - yaml costs 0.04 s
    from onetest_ci.settings.config_paths import config_root_of  # noqa: PLC0415 - as above

    root = config_root_of(cwd, context)
    return read_config(path, root), root


def _from_ci(name: str, context: CIContext, *, shared: bool) -> tuple[str, ...]:
    told = {
        "launch-name": context.shared_launch_name if shared else context.default_launch_name,
        "build-version": context.default_build_version,
        "debug": "true" if context.debug else "",
    }
    # What CI says is cut to fit, since the user did not choose it.
    value = told.get(name, "")[:_MAX_TOLD].strip()
    return (value,) if value else ()


def _secrets(
    wanted: Mapping[str, Option], given: Mapping[str, Given], cwd: Path, stdin: TextIO
) -> dict[str, Secret]:
    """The keys; a key and a key file are two ways to say one thing, the one of the earlier source counts."""
    found = dict(given)
    key, file = found.get("api-key"), found.get(_KEY_FILE)
    from_file = file is not None and (key is None or file.rank < key.rank)
    if from_file:
        found.pop("api-key", None)
    secrets = {
        name: Secret(_parse(name, wanted[name], one, Redactor.none()))
        for name, one in found.items()
        if wanted[name].secret
    }
    if file is not None and from_file:
        secrets["api-key"] = _read_key(file.texts[0], cwd, stdin)
    return secrets


def _parse(
    name: str, option: Option, given: Given, redact: Redactor, warnings: list[str] | None = None
) -> Any:
    values = []
    for text in given.texts:
        try:
            values.append(option.parse(text))
        except NotGiven as problem:
            if warnings is not None:
                warnings.append(redact.text(f"--{name}: {problem} ({given.source})."))
        except NotAllowed as problem:
            label = name if option.secret or option.positional else f"--{name}"
            told = "the value" if option.secret else repr(mask_likely_secrets(redact.text(text)))
            raise UsageProblem(
                "bad-option",
                f"{label}: {told} from {given.source} is not allowed.",
                " ".join(filter(None, (f"Allowed: {problem}.", option.hint, _of_plugin(option, given)))),
            ) from None
    return tuple(values) if option.multiple else values[0]


def _of_plugin(option: Option, given: Given) -> str:
    """What to do where a plugin's list cannot be told from text with commas."""
    if not option.multiple or not given.source.startswith("the plugin setting"):
        return ""
    form = (
        "a mapping, or a text with one value a line (|)"
        if option.is_pair
        else "a text with one value a line (|)"
    )
    return f"The host joins a list by commas; values that hold commas are given as {form}."


def _read_key(name: str, cwd: Path, stdin: TextIO) -> Secret:
    """Read the API key from a file or standard input."""
    source = "standard input" if name == "-" else f"the file {mask_likely_secrets(name)}"
    try:
        if name == "-":
            text = stdin.read(_MAX_KEY_BYTES)
        else:
            with (cwd / name).open(encoding="utf-8") as file:
                text = file.read(_MAX_KEY_BYTES)
        return Secret(options()["api-key"].parse(text))
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
