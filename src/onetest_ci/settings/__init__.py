"""All settings in one frozen object, made once.

Sources, first wins: command-line flags, action inputs (``INPUT_*``, only on GitHub), plugin settings
(``PLUGIN_*``, only on Woodpecker and Drone), ``ONETEST_*`` variables,
``.onetest.yml``, what CI tells, defaults. An empty value counts as not given.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

from onetest_ci.redaction import Secret
from onetest_ci.refs import STYLES, Style
from onetest_ci.settings import values
from onetest_ci.settings.config_policy import (
    BELOW_WORKSPACE,
    DESCRIBES,
    NOT_A_CLAIM,
    NOT_A_GATE,
    NOT_THE_DELIVERY,
    NOT_THE_KEY,
    NOT_THE_RUN,
    NOT_THE_TARGET,
    NOT_THE_TRUST,
    STRICTER,
    at_most,
    only,
)
from onetest_ci.settings.option import Option, option_of, setting

DEFAULT_BASE_URL: Final = "https://tms.onetest.ai"

REPORT_FORMATS: Final = (
    "junit",
    "trx",
    "xunit.net",
    "nunit3",
    "nunit2",
    "testng",
    "robot",
    "ctest",
    "boost.test",
    "cunit",
    "qtest",
    "check",
    "cppunit",
    "unittest++",
    "catch2",
    "doctest",
    "go",
    "dart",
    "playwright",
    "ctrf",
    "allure",
    "cucumber",
    "mocha",
    "rspec",
    "tap",
)
"""Names of the formats, which are not imported for them; a test holds the two equal."""

_INSPECT = ("inspect",)
_RUN = ("run",)
_REPORT = ("report", *_RUN)
_COLLECT = (*_REPORT, "collect")
_PUSH = (*_REPORT, "push")
_PUSH_ONLY = ("push",)
_SENDING = (*_COLLECT, "push")
_START = ("launch start",)
_FINISH = ("launch finish",)
_LAUNCH = (*_START, *_FINISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of the commands but ``emulator``.

    A field's name with hyphens is the option's name; ``ONETEST_`` and the field's name in upper case is its
    environment variable; ``INPUT_`` and the option's name in upper case, hyphens kept, is its action input.
    A command leaves at its default what it does not take.
    """

    files: tuple[str, ...] = setting(
        "Reports: files, directories or globs (`**`); a leading `!` excludes.",
        values.pattern,
        (*_COLLECT, *_INSPECT),
        default=(),
        metavar="PATH",
        multiple=True,
        positional=True,
        hint="Name the reports, for example 'build/**/TEST-*.xml'.",
        config_policy=BELOW_WORKSPACE,
    )
    report_format: str = setting(
        "Read every report as this format; `auto` tells each by its content.",
        values.choice("auto", *REPORT_FORMATS),
        (*_COLLECT, *_INSPECT),
        default="auto",
        metavar="auto|junit|trx|...",
        config_policy=NOT_A_GATE,
    )
    repeats: str = setting(
        "JUnit XML: a result that follows a failure of the same name is a further attempt of that test "
        "(`attempts`) or a test of its own (`tests`). The outcome names every test that was merged so.",
        values.choice("attempts", "tests"),
        (*_COLLECT, *_INSPECT),
        default="attempts",
        metavar="attempts|tests",
        config_policy=STRICTER,
    )
    text_limit: int = setting(
        "Most characters that are kept of one text (message, trace, output); longer ones lose their middle.",
        values.whole_number(1, 10_000_000),
        (*_COLLECT, *_INSPECT),
        default=65_536,
        metavar="N",
        config_policy=at_most(65_536),
    )
    api_key: Secret | None = setting(
        "OneTest API key. On the command line use `--api-key-file`, which keeps it out of process lists.",
        values.api_key,
        (*_SENDING, *_LAUNCH),
        secret=True,
        config_policy=NOT_THE_KEY,
    )
    api_key_file: str = setting(
        "File that holds the API key, `-` for standard input.",
        values.pattern,
        (*_PUSH, *_LAUNCH),
        default="",
        metavar="FILE",
        config_policy=NOT_THE_KEY,
    )
    receiver_api_key: Secret | None = setting(
        "Key for the Receiver alone, where the product's own key (octo_, rp_) is used there.",
        values.api_key,
        (*_SENDING, *_LAUNCH),
        secret=True,
        config_policy=NOT_THE_KEY,
    )
    product_id: str = setting(
        "UUID of the OneTest product that gets the results.",
        values.uuid,
        (*_PUSH, *_LAUNCH),
        default="",
        metavar="UUID",
        hint="OneTest shows the product's UUID under Settings > Integrations and API Keys.",
        config_policy=NOT_THE_TARGET,
    )
    base_url: str = setting(
        "Address of OneTest.",
        values.base_url,
        (*_PUSH, *_LAUNCH),
        default=DEFAULT_BASE_URL,
        metavar="URL",
        config_policy=NOT_THE_KEY,
    )
    mode: str = setting(
        "How results travel: `launch` (tree, attachments, build; about two calls a test), `import` (flat, "
        "one call) or `auto` (launch while it fits --max-api-calls).",
        values.choice("auto", "launch", "import"),
        _PUSH,
        default="auto",
        metavar="auto|launch|import",
        config_policy=DESCRIBES,
    )
    max_api_calls: int = setting(
        "Most API calls that a run may make; each may cost a coin.",
        values.whole_number(1, 10_000_000),
        _PUSH,
        default=1000,
        metavar="N",
        config_policy=at_most(1000),
    )
    connections: int = setting(
        "Most calls that are on their way at once.",
        values.whole_number(1, 64),
        _PUSH,
        # As many as ReportPortal's own client holds.
        default=50,
        metavar="N",
        config_policy=at_most(50),
    )
    launch: str = setting(
        "UUID of a launch that others report to as well, as `launch start` printed it; it is neither started "
        "nor finished.",
        values.uuid,
        (*_PUSH, *_FINISH),
        default="",
        metavar="UUID",
        config_policy=NOT_THE_TARGET,
    )
    launch_key: str = setting(
        "Share one launch with all jobs of this CI run that give the same key; the first starts it.",
        values.text(200),
        (*_PUSH, *_LAUNCH),
        default="",
        metavar="TEXT",
        config_policy=NOT_THE_TARGET,
    )
    finish: str = setting(
        "Whether to finish the launch when all is sent: `always`, also a shared one, or `never`. By default "
        "all but shared ones.",
        values.choice("always", "never"),
        _PUSH,
        default="",
        metavar="always|never",
        config_policy=NOT_A_CLAIM,
    )
    unanswered_import: str = setting(
        "What to do about an import whose answer an earlier push did not get: `refuse` to go on, `repeat` "
        "it, or take it as `arrived`.",
        values.choice("refuse", "repeat", "arrived"),
        ("push",),
        default="refuse",
        metavar="refuse|repeat|arrived",
        config_policy=NOT_THE_DELIVERY,
    )
    damaged_log: str = setting(
        "What to do if the bundle's delivery log is damaged or lost, so that nobody knows how much of the "
        "bundle OneTest has: `refuse` to go on, or `resend` all of it.",
        values.choice("refuse", "resend"),
        ("push",),
        default="refuse",
        metavar="refuse|resend",
        config_policy=NOT_THE_DELIVERY,
    )
    item_type: str = setting(
        "Receiver's item type of a test; `test` for products that count no steps.",
        values.choice("step", "test"),
        _PUSH,
        default="step",
        metavar="step|test",
        config_policy=NOT_A_CLAIM,
    )
    launch_name: str = setting(
        "Name of the launch; the workflow or job by default.",
        values.text(256),
        (*_COLLECT, *_START),
        default="",
        metavar="TEXT",
        config_policy=DESCRIBES,
    )
    launch_description: str = setting(
        "Description of the launch.",
        values.long_text(2048),
        (*_COLLECT, *_START),
        default="",
        metavar="TEXT",
        config_policy=DESCRIBES,
    )
    attribute: tuple[tuple[str, str], ...] = setting(
        "Attribute of the launch, KEY=VALUE; may be given more than once.",
        values.attribute,
        (*_COLLECT, *_START),
        default=(),
        metavar="KEY=VALUE",
        multiple=True,
        config_policy=DESCRIBES,
    )
    environment: str = setting(
        "Name of the environment that was tested.",
        values.text(255),
        (*_COLLECT, *_START),
        default="",
        metavar="NAME",
        config_policy=DESCRIBES,
    )
    environment_url: str = setting(
        "Address of that environment; with it a missing environment is created.",
        values.http_url(2048),
        (*_COLLECT, *_START),
        default="",
        metavar="URL",
        config_policy=DESCRIBES,
    )
    build_version: str = setting(
        "Version of the build that was tested; the tag or build number on CI by default.",
        values.text(255),
        (*_COLLECT, *_START),
        default="",
        metavar="TEXT",
        config_policy=DESCRIBES,
    )
    deployment: bool = setting(
        "Record that the build is deployed on the environment.",
        values.boolean,
        (*_PUSH, *_START),
        default=False,
        flag=True,
        config_policy=NOT_A_CLAIM,
    )
    code_ref_style: Style = setting(
        "How a test's code_ref, which links it to test cases, is spelled: `file` "
        "(path/file.py:Class.method), `dotted` (package.Class.method) or `raw` (classname.name, as the "
        "report has it).",
        values.choice(*STYLES),
        _COLLECT,
        default="file",
        metavar="|".join(STYLES),
        config_policy=DESCRIBES,
    )
    artifacts: tuple[str, ...] = setting(
        "Further files of the run to upload: a glob; may be given more than once.",
        values.pattern,
        _COLLECT,
        default=(),
        metavar="GLOB",
        multiple=True,
        config_policy=BELOW_WORKSPACE,
    )
    bundle: Path | None = setting(
        "Directory for the bundle; kept when given.",
        values.path,
        _COLLECT,
        metavar="DIR",
        config_policy=BELOW_WORKSPACE,
    )
    json: Path | None = setting(
        "Write the outcome as JSON, for programs.",
        values.path,
        _PUSH,
        metavar="FILE",
        config_policy=BELOW_WORKSPACE,
    )
    junit: Path | None = setting(
        "Write all results as one JUnit document.",
        values.path,
        _REPORT,
        metavar="FILE",
        config_policy=BELOW_WORKSPACE,
    )
    summary: Path | None = setting(
        "Write the summary as Markdown; on GitHub it goes to the step summary too.",
        values.path,
        _PUSH,
        metavar="FILE",
        config_policy=BELOW_WORKSPACE,
    )
    dotenv: Path | None = setting(
        "Write the ids as variables, for the jobs after this one (GitLab's `artifacts:reports:dotenv`).",
        values.path,
        _PUSH,
        metavar="FILE",
        config_policy=BELOW_WORKSPACE,
    )
    fail_on: str = setting(
        "Exit with 1 when a test failed (`any`) or not (`never`).",
        values.choice("never", "any"),
        _REPORT,
        default="never",
        metavar="never|any",
        config_policy=only("any", "any"),
    )
    fail_on_upload_error: bool = setting(
        "Exit with 4 or 6 when not all was delivered.",
        values.boolean,
        _REPORT,
        default=False,
        flag=True,
        config_policy=only(True, "true"),
    )
    allow_empty: bool = setting(
        "Accept that there are no reports, or no tests in them.",
        values.boolean,
        _COLLECT,
        default=False,
        flag=True,
        config_policy=NOT_A_GATE,
    )
    test_exit_code: int = setting(
        "Exit code of the test command, if an earlier step ran it. It is passed on, and if it is not 0 "
        "although no report shows a failure, a case in error says so.",
        values.whole_number(0, 255),
        _COLLECT,
        default=0,
        metavar="N",
        config_policy=NOT_A_GATE,
    )
    allow_stale: bool = setting(
        "`run` only: accept reports that are older than the start of the test command.",
        values.boolean,
        _RUN,
        default=False,
        flag=True,
        config_policy=NOT_A_GATE,
    )
    untrusted: bool = setting(
        "The bundle comes from somebody without secrets, such as a fork's pull request: the launch says so, "
        "and gets neither the build nor the environment that the bundle names.",
        values.boolean,
        _PUSH_ONLY,
        default=False,
        flag=True,
        config_policy=NOT_THE_TRUST,
    )
    state: Path | None = setting(
        "With --untrusted: directory for what OneTest acknowledged of each bundle, so that a further push "
        "sends only the rest. By default below CI's temporary directory, else the user's state directory.",
        values.path,
        _PUSH_ONLY,
        metavar="DIR",
        config_policy=NOT_THE_DELIVERY,
    )
    dry_run: bool = setting(
        "Collect and estimate the calls; send nothing.",
        values.boolean,
        _REPORT,
        default=False,
        flag=True,
        config_policy=NOT_THE_DELIVERY,
    )
    endpoint: tuple[tuple[str, str], ...] = setting(
        "Path of an endpoint, NAME=PATH, for a service that differs; may be given more than once.",
        values.pair,
        (*_PUSH, *_LAUNCH),
        default=(),
        metavar="NAME=PATH",
        multiple=True,
        config_policy=NOT_THE_TARGET,
    )
    ca_bundle: Path | None = setting(
        "PEM file of certificate authorities to trust in place of the usual ones.",
        values.path,
        (*_PUSH, *_LAUNCH),
        metavar="FILE",
        config_policy=NOT_THE_KEY,
    )
    timeout: int = setting(
        "Most seconds that delivery may take in all.",
        values.whole_number(1, 86_400),
        (*_PUSH, *_LAUNCH),
        default=1800,
        metavar="SECONDS",
        config_policy=NOT_THE_DELIVERY,
    )
    wait_for_service: int = setting(
        "Most seconds to wait for OneTest while it has not answered yet in this run, as during a restart.",
        values.whole_number(0, 3600),
        (*_PUSH, *_LAUNCH),
        default=30,
        metavar="SECONDS",
        config_policy=NOT_THE_DELIVERY,
    )
    debug: bool = setting(
        "Log every request and answer, without the key.",
        values.boolean,
        (*_SENDING, *_LAUNCH),
        default=False,
        flag=True,
        config_policy=NOT_THE_RUN,
    )

    warnings: tuple[str, ...] = ()
    """Not a setting: what was given and does not count, for people."""

    from_config: frozenset[str] = frozenset()
    """Not a setting: names of the options whose value ``.onetest.yml`` gives."""

    config_root: Path | None = None
    """Not a setting: the resolved directory that the paths of ``.onetest.yml`` stay below."""

    def root_of(self, name: str) -> Path | None:
        """Return the directory that an option's paths must stay below; None if a person chose them."""
        return self.config_root if name in self.from_config else None


def options(command: str | None = None) -> dict[str, Option]:
    """Options by their kebab-case names, in the order of ``Settings``; those of one command if named."""
    found = ((one.name.replace("_", "-"), option_of(one.metadata)) for one in fields(Settings))
    return {
        name: option for name, option in found if option and (command is None or command in option.commands)
    }
