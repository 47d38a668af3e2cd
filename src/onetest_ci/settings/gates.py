"""When tests fail the run, and which failures are in quarantine."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onetest_ci.settings import values
from onetest_ci.settings.config_policy import NOT_A_GATE, NOT_THE_TRUST, STRICTER_THAN_NONE, one_of
from onetest_ci.settings.option import DOCTOR, FINISH, REPORT, Group, Provenance, setting

GATED: Final = (*REPORT, *FINISH)
"""Commands that judge the tests."""

QUARANTINE_NAME: Final = ".onetest-quarantine.yml"

_MOST: Final = 1_000_000_000


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)  # only made as part of Settings
class GateSettings(Provenance):
    """Settings of the gates. Each gate that is set has to pass."""

    fail_on: str = setting(
        "Exit with 1 if a test failed (`any`), if a test failed that did not fail in the baseline (`new`), "
        "or never because of tests (`never`). Without a usable baseline, `new` means `any`.",
        values.choice("never", "any", "new"),
        GATED,
        default="never",
        metavar="never|any|new",
        config_policy=one_of("any", "new"),
        judges=True,
        group=Group.FAIL,
    )
    max_failures: int | None = setting(
        "Exit with 1 if more tests failed.",
        values.whole_number(0, _MOST),
        GATED,
        metavar="N",
        config_policy=STRICTER_THAN_NONE,
        judges=True,
        in_wrappers=False,
        group=Group.FAIL,
    )
    min_tests: int | None = setting(
        "Exit with 1 if fewer tests ran; skipped tests do not count.",
        values.whole_number(0, _MOST),
        GATED,
        metavar="N",
        config_policy=STRICTER_THAN_NONE,
        judges=True,
        in_wrappers=False,
        group=Group.FAIL,
    )
    min_pass_rate: values.Percent | None = setting(
        "Exit with 1 if a lower percentage of the tests that ran passed, for example 99.5.",
        values.percent,
        GATED,
        metavar="PERCENT",
        config_policy=STRICTER_THAN_NONE,
        judges=True,
        in_wrappers=False,
        group=Group.FAIL,
    )
    max_flaky: int | None = setting(
        "Exit with 1 if more tests were flaky: they passed after a failed attempt.",
        values.whole_number(0, _MOST),
        GATED,
        metavar="N",
        config_policy=STRICTER_THAN_NONE,
        judges=True,
        in_wrappers=False,
        group=Group.FAIL,
    )
    quarantine: Path | None = setting(
        f"List of tests whose failures do not fail the run; `{QUARANTINE_NAME}` by default.",
        values.path,
        (*GATED, *DOCTOR),
        metavar="FILE",
        config_policy=NOT_A_GATE,
        in_wrappers=False,
        group=Group.FAIL,
    )
    base_commit: str = setting(
        "Commit that the change starts from, if CI does not provide it; its quarantine list counts.",
        values.commit_id,
        (*GATED, *DOCTOR),
        default="",
        metavar="SHA",
        config_policy=NOT_THE_TRUST,
        in_wrappers=False,
        group=Group.FAIL,
    )
