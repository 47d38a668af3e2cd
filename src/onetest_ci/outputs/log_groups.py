"""Groups of lines that a CI host folds in its log, with the commands of each host."""

import re
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from onetest_ci.text.escape import WorkflowCommand

PREFIX: Final = "onetest-ci: "
"""Before each title, so that people see whose lines they are."""


class GroupCommands(NamedTuple):
    """The commands of one host.

    Attributes:
        start: of a group with a name of letters, digits and underscores, and a title.
        end: of the group with this name and title.
    """

    start: Callable[[str, str], str]
    end: Callable[[str, str], str]


def _now() -> int:
    return int(time.time())


HOSTS: Final[dict[str, GroupCommands]] = {
    # "Workflow commands", Grouping log lines. Runners of Gitea and Forgejo read them as well.
    "github": GroupCommands(lambda _, title: f"::group::{title}", lambda *_: "::endgroup::"),
    # "Logging commands", Formatting commands.
    "azure": GroupCommands(lambda _, title: f"##[group]{title}", lambda *_: "##[endgroup]"),
    # "Job logs", Custom collapsible sections.
    "gitlab": GroupCommands(
        lambda name, title: f"\x1b[0Ksection_start:{_now()}:{name}[collapsed=true]\r\x1b[0K{title}",
        lambda name, _: f"\x1b[0Ksection_end:{_now()}:{name}\r\x1b[0K",
    ),
    # "Managing log output": a group ends where the next one starts, and +++ is open.
    "buildkite": GroupCommands(lambda _, title: f"--- {title}", lambda *_: f"+++ {PREFIX}results"),
    # "Service messages", Blocks of service messages.
    "teamcity": GroupCommands(
        lambda _, title: f"##teamcity[blockOpened name='{title}']",
        lambda _, title: f"##teamcity[blockClosed name='{title}']",
    ),
    # travis-build, lib/travis/build/bash/travis_fold.bash.
    "travis": GroupCommands(
        lambda name, title: f"travis_fold:start:{name}\r\x1b[0K{title}",
        lambda name, _: f"travis_fold:end:{name}\r\x1b[0K",
    ),
}
"""The hosts that fold, by their key."""


def group_commands(host: str, title: str) -> tuple[WorkflowCommand, WorkflowCommand] | None:
    """Return the commands before and after the lines of a group. None on a host without groups.

    Args:
        host: its key.
        title: without text from outside.
    """
    commands = HOSTS.get(host)
    if commands is None:
        return None
    # A comma or an apostrophe would end the value on some hosts.
    safe = PREFIX + re.sub(r"[^A-Za-z0-9 ()]", "", title)
    name = re.sub("[^a-z0-9]+", "_", safe.lower()).strip("_")
    return WorkflowCommand(commands.start(name, safe)), WorkflowCommand(commands.end(name, safe))
