"""All settings in one frozen object, made once.

Sources, first wins: command-line flags, action inputs (``INPUT_*``, only on GitHub), plugin settings
(``PLUGIN_*``, only on Woodpecker and Drone), ``ONETEST_*`` variables, ``.onetest.yml``, CI, defaults. An
empty value counts as missing; on the command line an empty gate is an error.
"""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from onetest_ci.redaction import Secret
from onetest_ci.settings import values
from onetest_ci.settings.collection import CollectSettings
from onetest_ci.settings.commenting import CommentSettings
from onetest_ci.settings.config_policy import BELOW_WORKSPACE, NOT_A_GATE, NOT_THE_RUN, only
from onetest_ci.settings.connection import ConnectionSettings
from onetest_ci.settings.delivery import DeliverySettings
from onetest_ci.settings.gates import GateSettings
from onetest_ci.settings.option import (
    CALLING,
    DOCTOR,
    FINISH,
    LAUNCH,
    MATCH,
    PUSH,
    REPORT,
    SENDING,
    Group,
    Option,
    option_of,
    setting,
)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)  # unused, and slow to make
class Settings(GateSettings, CommentSettings, DeliverySettings, ConnectionSettings, CollectSettings):
    """Every setting of the commands but ``emulator``.

    A field's name with hyphens is the option's name; ``ONETEST_`` and the field's name in upper case is its
    environment variable; ``INPUT_`` and the option's name in upper case, hyphens kept, is its action input.
    A setting that the command does not have keeps its default. Help shows the fields of the last base first.
    """

    json: Path | None = setting(
        "Write the outcome as JSON, for programs.",
        values.path,
        (*PUSH, *FINISH),
        metavar="FILE",
        config_policy=BELOW_WORKSPACE,
        group=Group.WRITE,
    )
    junit: Path | None = setting(
        "Write all results as one JUnit document.",
        values.path,
        REPORT,
        metavar="FILE",
        config_policy=BELOW_WORKSPACE,
        group=Group.WRITE,
    )
    summary: Path | None = setting(
        "Write the summary as Markdown; on GitHub it goes to the step summary too.",
        values.path,
        (*PUSH, *FINISH, *MATCH, *DOCTOR),
        metavar="FILE",
        config_policy=BELOW_WORKSPACE,
        group=Group.WRITE,
    )
    save_results: Path | None = setting(
        "Save verdict and duration of every test for later runs, which compare themselves with it; gzip.",
        values.path,
        (*REPORT, *FINISH),
        metavar="FILE",
        config_policy=BELOW_WORKSPACE,
        group=Group.WRITE,
    )
    results: tuple[str, ...] = setting(
        "Saved results of the runners that reported to the launch: a file or a glob; may be repeated. They "
        "are merged and summarized.",
        values.pattern,
        FINISH,
        default=(),
        metavar="FILE",
        multiple=True,
        config_policy=NOT_A_GATE,
        in_wrappers=False,
        group=Group.COMPARE,
    )
    baseline: tuple[str, ...] = setting(
        "Saved results of an earlier run to compare with: a file or a glob; may be repeated. The newest "
        "result of a test counts.",
        values.pattern,
        (*REPORT, *FINISH, *DOCTOR),
        default=(),
        metavar="FILE",
        multiple=True,
        config_policy=NOT_A_GATE,
        group=Group.COMPARE,
    )
    dotenv: Path | None = setting(
        "Write the ids as variables, for the jobs after this one (GitLab's `artifacts:reports:dotenv`).",
        values.path,
        PUSH,
        metavar="FILE",
        config_policy=BELOW_WORKSPACE,
        group=Group.WRITE,
    )
    annotate: bool = setting(
        "Show failed tests at their lines, where the log of the CI host has commands for that (GitHub, Azure "
        "Pipelines). On by default.",
        values.boolean,
        PUSH,
        default=True,
        flag=True,
        config_policy=only(True, "true", "must not hide failures"),
        group=Group.WRITE,
    )
    fail_on_upload_error: bool = setting(
        "Exit with 4 or 6 if not everything was delivered.",
        values.boolean,
        REPORT,
        default=False,
        flag=True,
        config_policy=only(True, "true"),
        group=Group.FAIL,
    )
    debug: bool = setting(
        "Log every request and response, without the key.",
        values.boolean,
        (*SENDING, *LAUNCH, *CALLING),
        default=False,
        flag=True,
        config_policy=NOT_THE_RUN,
        group=Group.CONNECT,
    )

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The keys and tokens that are set."""
        held = (self.api_key, self.receiver_api_key, self.github_token, self.gitlab_token)
        return tuple(secret for secret in held if secret)


def options(command: str | None = None) -> dict[str, Option]:
    """Return options by their kebab-case names, in help's order; those of one command if named."""
    found = _all_options()
    return {name: found[name] for name in found if command is None or command in found[name].commands}


@cache
def _all_options() -> dict[str, Option]:
    found = ((one.name.replace("_", "-"), option_of(one.metadata)) for one in fields(Settings))
    return {name: option for name, option in found if option}
