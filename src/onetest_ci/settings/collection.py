"""What is read, and how the launch is described."""

from dataclasses import dataclass
from pathlib import Path

from onetest_ci.code_ref import STYLES, Style
from onetest_ci.settings import values
from onetest_ci.settings.config_policy import BELOW_WORKSPACE, DESCRIBES, NOT_A_GATE, STRICTER, at_most
from onetest_ci.settings.option import (
    COLLECT,
    DOCTOR,
    INSPECT,
    MATCHING,
    RUN,
    START,
    Group,
    Provenance,
    setting,
)


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)  # only made as part of Settings
class CollectSettings(Provenance):
    """Settings of reading reports and of what is collected from them."""

    files: tuple[str, ...] = setting(
        "Reports: files, directories or globs (`**`); a leading `!` excludes.",
        values.pattern,
        (*COLLECT, *INSPECT, *MATCHING, *DOCTOR),
        default=(),
        metavar="PATH",
        multiple=True,
        positional=True,
        hint="Name the reports, for example 'build/**/TEST-*.xml'.",
        config_policy=BELOW_WORKSPACE,
        group=Group.READ,
    )
    report_format: str = setting(
        "Format to read every report as; `auto` detects each report's format by its content.",
        values.report_format,
        (*COLLECT, *INSPECT, *MATCHING, *DOCTOR),
        default="auto",
        metavar="auto|junit|trx|...",
        config_policy=NOT_A_GATE,
        group=Group.READ,
    )
    repeats: str = setting(
        "JUnit XML: a result that follows a failure of the same name is a further attempt of that test "
        "(`attempts`) or a test of its own (`tests`). The outcome names every test that was merged this "
        "way.",
        values.choice("attempts", "tests"),
        (*COLLECT, *INSPECT, *MATCHING),
        default="attempts",
        metavar="attempts|tests",
        config_policy=STRICTER,
        group=Group.READ,
    )
    text_limit: int = setting(
        "Maximum characters kept per text (message, trace, output); a longer text loses its middle.",
        values.whole_number(1, 10_000_000),
        (*COLLECT, *INSPECT, *MATCHING),
        default=65_536,
        metavar="N",
        config_policy=at_most(65_536),
        group=Group.READ,
    )
    launch_name: str = setting(
        "Name of the launch; the workflow or job by default.",
        values.text(256),
        (*COLLECT, *START),
        default="",
        metavar="TEXT",
        config_policy=DESCRIBES,
        group=Group.NAME,
    )
    launch_description: str = setting(
        "Description of the launch.",
        values.long_text(2048),
        (*COLLECT, *START),
        default="",
        metavar="TEXT",
        config_policy=DESCRIBES,
        group=Group.NAME,
    )
    attribute: tuple[tuple[str, str], ...] = setting(
        "Attribute of the launch, KEY=VALUE; may be repeated.",
        values.attribute,
        (*COLLECT, *START),
        default=(),
        metavar="KEY=VALUE",
        multiple=True,
        config_policy=DESCRIBES,
        group=Group.NAME,
    )
    environment: str = setting(
        "Name of the tested environment.",
        values.text(255),
        (*COLLECT, *START),
        default="",
        metavar="NAME",
        config_policy=DESCRIBES,
        group=Group.NAME,
    )
    environment_url: str = setting(
        "Address of that environment; if set, a missing environment is created.",
        values.http_url(2048),
        (*COLLECT, *START),
        default="",
        metavar="URL",
        config_policy=DESCRIBES,
        group=Group.NAME,
    )
    build_version: str = setting(
        "Version of the tested build; on CI the tag or build number by default.",
        values.text(255),
        (*COLLECT, *START),
        default="",
        metavar="TEXT",
        config_policy=DESCRIBES,
        group=Group.NAME,
    )
    code_ref_style: Style = setting(
        "How to spell a test's code_ref, which links it to test cases: `file` (path/file.py:Class.method), "
        "`dotted` (package.Class.method) or `raw` (classname.name, as in the report).",
        values.choice(*STYLES),
        (*COLLECT, *MATCHING, *DOCTOR),
        default="file",
        metavar="|".join(STYLES),
        config_policy=DESCRIBES,
        group=Group.READ,
    )
    artifacts: tuple[str, ...] = setting(
        "Further files of the run to upload: a glob; may be repeated.",
        values.pattern,
        COLLECT,
        default=(),
        metavar="GLOB",
        multiple=True,
        config_policy=BELOW_WORKSPACE,
        group=Group.READ,
    )
    bundle: Path | None = setting(
        "Directory for the bundle; if set, the bundle is kept.",
        values.path,
        COLLECT,
        metavar="DIR",
        config_policy=BELOW_WORKSPACE,
        group=Group.WRITE,
    )
    allow_empty: bool = setting(
        "Accept a run without reports, or reports without tests.",
        values.boolean,
        COLLECT,
        default=False,
        flag=True,
        config_policy=NOT_A_GATE,
        group=Group.FAIL,
    )
    test_exit_code: int = setting(
        "Exit code of the test command, if an earlier step ran it. This command exits with it. If it is not "
        "0 and no report contains a failure, a case in error is added to the results.",
        values.whole_number(0, 255),
        COLLECT,
        default=0,
        metavar="N",
        config_policy=NOT_A_GATE,
        judges=True,
        group=Group.FAIL,
    )
    allow_stale: bool = setting(
        "`run` only: accept reports that are older than the start of the test command.",
        values.boolean,
        RUN,
        default=False,
        flag=True,
        config_policy=NOT_A_GATE,
        group=Group.READ,
    )
