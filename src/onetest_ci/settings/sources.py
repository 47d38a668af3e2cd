"""Where the values of settings come from.

The first source with a value wins: command line, action input, plugin setting, environment variable,
``.onetest.yml``, CI.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

from onetest_ci.ci.context import CIContext
from onetest_ci.ci.credentials import credentials_in_urls
from onetest_ci.ci.host_table import is_unreplaced
from onetest_ci.ci.path_map import local_pattern
from onetest_ci.errors import UsageProblem
from onetest_ci.redaction import Redactor, Secret, mask_likely_secrets
from onetest_ci.settings import Settings, options
from onetest_ci.settings.option import Option, input_name, plugin_name, variable_name
from onetest_ci.settings.split import split, split_plugin_text
from onetest_ci.settings.values import NotAllowed, NotGiven

CONFIG_NAME: Final = ".onetest.yml"

_KEY_FILE: Final = "api-key-file"
_MAX_KEY_BYTES: Final = 4096
_LONGEST_DEFAULT: Final = 255
_RANK_OF_CI: Final = 5
_SHARES: Final = frozenset({"launch", "launch-key"})
"""Options that let other runners report to the same launch."""

# https://woodpecker-ci.org/docs/usage/plugins/creating-plugins, https://docs.drone.io/plugins/overview/
_PLUGIN_HOSTS: Final = frozenset({"woodpecker", "drone"})

FlagValue = str | bool | Sequence[str] | None


class Found(NamedTuple):
    """The texts of one setting.

    Attributes:
        texts: as the source holds them, one for each value.
        source: its name, for messages and to distinguish the sources.
        rank: place of the source in their order; 0 wins.
    """

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
        command: its name; options of other commands are ignored in every source.
        flags: values from the command line by option name; None or empty where a flag is missing.
        environ: environment variables.
        cwd: the directory that may hold ``.onetest.yml``.
        context: provides defaults for the launch's name, the build version and ``--debug``.
        stdin: holds the key if the key file is ``-``.

    Raises:
        UsageProblem: a value is not allowed; the message names option, value and source, the hint what is
            allowed.
    """
    wanted = options(command)
    config, config_root = _read_config(cwd, context)
    warnings: list[str] = []
    found: dict[str, Found] = {}
    for name, option in wanted.items():
        in_sources = (
            ("the command line", _from_flag(flags.get(name), option)),
            (f"the action input {name}", _from_input(name, option, environ)),
            (f"the plugin setting {name}", _from_plugin(name, option, environ, context)),
            (f"the environment variable {variable_name(name)}", _from_variable(name, option, environ)),
            (CONFIG_NAME, config.get(name, ())),
        )
        for rank, (source, texts) in enumerate(in_sources):
            if usable := _without_references(texts, option, source, context, warnings):
                found[name] = Found(_local_paths(usable, option, context), source, rank)
                break
    for name, text in _defaults_of_ci(context, shared=not found.keys().isdisjoint(_SHARES)).items():
        if name in wanted and text:
            found.setdefault(name, Found((text,), "CI", _RANK_OF_CI))
    # The keys come first, so that no message about another value shows one.
    secrets = _secrets(wanted, found, cwd, stdin)
    in_urls = credentials_in_urls(environ)
    others = _other_secrets(wanted, environ, context)
    redact = Redactor((*secrets.values(), *others, *in_urls.secrets), in_urls.logins)
    values: dict[str, Any] = {
        name: _parse(name, option, found[name], redact, warnings)
        for name, option in wanted.items()
        if name in found and not option.secret
    }
    values |= _own_defaults(command, wanted, found, values)
    settings = Settings(
        **{name.replace("-", "_"): value for name, value in (secrets | values).items()},
        warnings=tuple(warnings),
        from_config=frozenset(name for name, one in found.items() if one.source == CONFIG_NAME),
        config_root=config_root,
        sources=_sources(found),
    )
    if config_root is not None:
        from onetest_ci.settings.config_paths import check_config_paths  # noqa: PLC0415 - few have the file

        check_config_paths(settings, cwd)
    return settings, redact


def without_keys(environ: Mapping[str, str], context: CIContext) -> dict[str, str]:
    """Return the environment without the variables that hold a key, or the path of a key's file."""
    removed = set()
    for name, option in options().items():
        if option.secret or name == _KEY_FILE:
            removed.add(variable_name(name))
            # On other hosts these names may belong to anything.
            if _from_input(name, option, environ):
                removed.add(input_name(name))
            if _from_plugin(name, option, environ, context):
                removed.add(plugin_name(name))
    return {name: value for name, value in environ.items() if name not in removed}


def _without_references(
    texts: tuple[str, ...], option: Option, source: str, context: CIContext, warnings: list[str]
) -> tuple[str, ...]:
    """Return the texts without references to variables that the host did not replace; add a warning for each.

    On the command line and in ``.onetest.yml`` such a text stands for itself.
    """
    if source in {"the command line", CONFIG_NAME}:
        return texts
    kept = []
    for text in texts:
        value = text.partition("=")[2] if option.is_pair else text
        if not is_unreplaced(value, context.host):
            kept.append(text)
            continue
        warnings.append(
            f"{source} holds {mask_likely_secrets(text)}, which {context.host_name} did not replace: "
            "the variable does not exist, or not for this run. The value is ignored."
        )
    return tuple(kept)


def _local_paths(texts: tuple[str, ...], option: Option, context: CIContext) -> tuple[str, ...]:
    """Return paths as this process can use them; a step outside of the container may have set them."""
    if not option.is_path or not context.path_map:
        return texts
    return tuple(local_pattern(text, context.path_map) for text in texts)


def _from_flag(value: FlagValue, option: Option) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, bool):
        return (str(value).lower(),)
    texts = (value,) if isinstance(value, str) else value
    return tuple(text for text in texts if text.strip() or option.judges)


def _from_input(name: str, option: Option, environ: Mapping[str, str]) -> tuple[str, ...]:
    # On other hosts INPUT_* may belong to anything.
    if environ.get("GITHUB_ACTIONS") != "true":
        return ()
    return split(environ.get(input_name(name), ""), option)


def _from_plugin(
    name: str, option: Option, environ: Mapping[str, str], context: CIContext
) -> tuple[str, ...]:
    if context.host not in _PLUGIN_HOSTS:
        return ()
    return split_plugin_text(environ.get(plugin_name(name), ""), option)


def _from_variable(name: str, option: Option, environ: Mapping[str, str]) -> tuple[str, ...]:
    return split(environ.get(variable_name(name), ""), option)


def _read_config(cwd: Path, context: CIContext) -> tuple[dict[str, tuple[str, ...]], Path | None]:
    """Return the texts in ``.onetest.yml``, and the directory that its paths stay below."""
    path = cwd / CONFIG_NAME
    if not os.path.lexists(path):
        return {}, None
    from onetest_ci.settings.config_file import read_config  # noqa: PLC0415 - yaml costs 0.04 s
    from onetest_ci.settings.config_paths import config_root_of  # noqa: PLC0415 - as above

    root = config_root_of(cwd, context)
    return read_config(path, root), root


def _defaults_of_ci(context: CIContext, *, shared: bool) -> dict[str, str]:
    """Return the texts that CI provides; cut to fit, since the user did not choose them."""
    defaults = {
        "launch-name": context.shared_launch_name if shared else context.default_launch_name,
        "build-version": context.default_build_version,
        "debug": "true" if context.debug else "",
    }
    return {name: text[:_LONGEST_DEFAULT].strip() for name, text in defaults.items()}


def _own_defaults(
    command: str, wanted: Mapping[str, Option], found: Mapping[str, Found], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values of a command's own defaults, which are limits.

    ``.onetest.yml`` can lower such a limit and not raise it.

    Args:
        command: its name.
        wanted: the options of the command.
        found: the texts of the settings.
        values: the values of these texts.
    """
    return {
        name: min(option.own_defaults[command], values.get(name, option.own_defaults[command]))
        for name, option in wanted.items()
        if command in option.own_defaults and (name not in found or found[name].source == CONFIG_NAME)
    }


def _secrets(
    wanted: Mapping[str, Option], found: Mapping[str, Found], cwd: Path, stdin: TextIO
) -> dict[str, Secret]:
    """Return the keys. A key file is another form of the key: the one from the earlier source counts."""
    from_file = _key_is_in_file(found)
    secrets = {
        name: Secret(_parse(name, wanted[name], one, Redactor.none(), []))
        for name, one in found.items()
        if wanted[name].secret and not (from_file and name == "api-key")
    }
    if from_file:
        secrets["api-key"] = _read_key(found[_KEY_FILE].texts[0], cwd, stdin)
    return secrets


def _other_secrets(
    wanted: Mapping[str, Option], environ: Mapping[str, str], context: CIContext
) -> Iterator[Secret]:
    """Yield the keys in the environment that the command does not use, without texts of another form."""
    for name, option in options().items():
        if not option.secret or name in wanted:
            continue
        for texts in (
            _from_input(name, option, environ),
            _from_plugin(name, option, environ, context),
            _from_variable(name, option, environ),
        ):
            for text in texts:
                with suppress(NotGiven, NotAllowed):
                    yield Secret(option.parse(text))


def _key_is_in_file(found: Mapping[str, Found]) -> bool:
    key, file = found.get("api-key"), found.get(_KEY_FILE)
    return file is not None and (key is None or file.rank < key.rank)


def _sources(found: Mapping[str, Found]) -> tuple[tuple[str, str], ...]:
    """Return each setting with the name of its source."""
    sources = {name: one.source for name, one in found.items()}
    if _key_is_in_file(found):
        sources["api-key"] = f"the file that {_KEY_FILE} names"
    return tuple(sources.items())


def _parse(name: str, option: Option, found: Found, redact: Redactor, warnings: list[str]) -> Any:
    """Return a setting's value; add a warning for each text that holds no value.

    Raises:
        UsageProblem: ``bad-option``.
    """
    values = []
    for text in found.texts:
        try:
            values.append(option.parse(text))
        except NotGiven as problem:
            warnings.append(redact.text(f"--{name}: {problem} ({found.source})."))
        except NotAllowed as problem:
            label = name if option.secret or option.positional else f"--{name}"
            value = "the value" if option.secret else repr(mask_likely_secrets(redact.text(text)))
            near = f" Did you mean {' or '.join(problem.near)}?" if problem.near else ""
            raise UsageProblem(
                "bad-option",
                f"{label}: {value} from {found.source} is not allowed.{near}",
                " ".join(filter(None, (f"Allowed: {problem}.", option.hint, _hint_of_plugin(option, found)))),
            ) from None
    return tuple(values) if option.multiple else values[0]


def _hint_of_plugin(option: Option, found: Found) -> str:
    """Return how to write a plugin's list whose values contain commas; empty for any other setting."""
    if not option.multiple or not found.source.startswith("the plugin setting"):
        return ""
    form = (
        "a mapping, or a text with one value a line (|)"
        if option.is_pair
        else "a text with one value a line (|)"
    )
    return f"The host joins a list with commas; write values that contain commas as {form}."


def _read_key(name: str, cwd: Path, stdin: TextIO) -> Secret:
    """Read the API key from a file or standard input.

    Raises:
        UsageProblem: ``bad-key-file``.
    """
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
            "bad-key-file",
            f"--api-key-file: the content of {source} is not an API key.",
            f"Allowed: {problem}.",
        ) from None
