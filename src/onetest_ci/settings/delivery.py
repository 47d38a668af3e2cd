"""How a bundle is delivered."""

from dataclasses import dataclass
from pathlib import Path

from onetest_ci.settings import values
from onetest_ci.settings.config_policy import (
    BELOW_WORKSPACE,
    DESCRIBES,
    NOT_A_CLAIM,
    NOT_THE_DELIVERY,
    NOT_THE_TARGET,
    NOT_THE_TRUST,
    at_most,
)
from onetest_ci.settings.option import (
    API,
    CALLING,
    DOCTOR,
    FINISH,
    LAUNCH,
    MATCH,
    PUSH,
    PUSH_ONLY,
    REPORT,
    START,
    Group,
    setting,
)


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)  # only made as part of Settings
class DeliverySettings:
    """Settings of the delivery of a bundle."""

    product_id: str = setting(
        "UUID of the OneTest product.",
        values.uuid,
        (*PUSH, *LAUNCH, *CALLING),
        default="",
        metavar="UUID",
        hint="OneTest shows the product's UUID under Settings > Integrations and API Keys.",
        config_policy=NOT_THE_TARGET,
        group=Group.CONNECT,
    )
    mode: str = setting(
        "How results are sent: `launch` (tree, attachments, build; about two calls per test), `import` "
        "(flat, one call) or `auto` (launch if it fits --max-api-calls).",
        values.choice("auto", "launch", "import"),
        (*PUSH, *DOCTOR),
        default="auto",
        metavar="auto|launch|import",
        config_policy=DESCRIBES,
        group=Group.DELIVER,
    )
    max_api_calls: int = setting(
        "Maximum API calls per run; each may cost a coin.",
        values.whole_number(1, 10_000_000),
        (*PUSH, *CALLING),
        default=1000,
        metavar="N",
        own_defaults={API[0]: 100, DOCTOR[0]: 15},
        config_policy=at_most(1000),
        group=Group.CONNECT,
    )
    connections: int = setting(
        "Maximum API calls at a time.",
        values.whole_number(1, 64),
        PUSH,
        # As many as ReportPortal's own client holds.
        default=50,
        metavar="N",
        config_policy=at_most(50),
        group=Group.DELIVER,
    )
    launch: str = setting(
        "UUID of a shared launch, as `launch start` printed it. It is not started again, and only `--finish "
        "always` or `launch finish` finishes it.",
        values.uuid,
        (*PUSH, *FINISH),
        default="",
        metavar="UUID",
        config_policy=NOT_THE_TARGET,
        group=Group.NAME,
    )
    launch_key: str = setting(
        "Share one launch among all jobs of this CI run that set the same key; the first job starts it.",
        values.text(200),
        (*PUSH, *LAUNCH),
        default="",
        metavar="TEXT",
        config_policy=NOT_THE_TARGET,
        group=Group.NAME,
    )
    finish: str = setting(
        "Whether to finish the launch when everything is sent: `always`, even a shared one, or `never`. By "
        "default every launch is finished but a shared one.",
        values.choice("always", "never"),
        PUSH,
        default="",
        metavar="always|never",
        config_policy=NOT_A_CLAIM,
        group=Group.DELIVER,
    )
    unanswered_import: str = setting(
        "What to do about an import that got no response in an earlier push: `refuse` to continue, `repeat` "
        "it, or count it as `arrived`.",
        values.choice("refuse", "repeat", "arrived"),
        PUSH_ONLY,
        default="refuse",
        metavar="refuse|repeat|arrived",
        config_policy=NOT_THE_DELIVERY,
        group=Group.DELIVER,
    )
    damaged_log: str = setting(
        "What to do if the bundle's delivery log is damaged or lost, so that it is unknown what OneTest "
        "has: `refuse` to continue, or `resend` the whole bundle.",
        values.choice("refuse", "resend"),
        PUSH_ONLY,
        default="refuse",
        metavar="refuse|resend",
        config_policy=NOT_THE_DELIVERY,
        group=Group.DELIVER,
    )
    item_type: str = setting(
        "Receiver's item type of a test; `test` is for products that do not count steps.",
        values.choice("step", "test"),
        PUSH,
        default="step",
        metavar="step|test",
        config_policy=NOT_A_CLAIM,
        group=Group.DELIVER,
    )
    deployment: bool = setting(
        "Record that the build is deployed on the environment.",
        values.boolean,
        (*PUSH, *START),
        default=False,
        flag=True,
        config_policy=NOT_A_CLAIM,
        group=Group.NAME,
    )
    untrusted: bool = setting(
        "The bundle comes from somebody without secrets, such as a fork's pull request. The launch is "
        "marked as untrusted, and gets neither the build nor the environment that the bundle names.",
        values.boolean,
        PUSH_ONLY,
        default=False,
        flag=True,
        config_policy=NOT_THE_TRUST,
        group=Group.DELIVER,
    )
    state: Path | None = setting(
        "With --untrusted: directory that records what OneTest acknowledged of each bundle, so that a "
        "further push sends only the rest. By default below CI's temporary directory, else the user's state "
        "directory.",
        values.path,
        PUSH_ONLY,
        metavar="DIR",
        config_policy=NOT_THE_DELIVERY,
        group=Group.DELIVER,
    )
    dry_run: bool = setting(
        "Collect and estimate the calls; send nothing.",
        values.boolean,
        REPORT,
        default=False,
        flag=True,
        config_policy=NOT_THE_DELIVERY,
        group=Group.DELIVER,
    )
    cases: Path | None = setting(
        "File that `cases list` wrote as JSON: show which of its test cases the tests are linked to. Costs "
        "no API call.",
        values.path,
        (*PUSH, *MATCH),
        metavar="FILE",
        config_policy=BELOW_WORKSPACE,
        group=Group.COMPARE,
    )
    match_cases: bool = setting(
        "Show which of the product's test cases the tests are linked to. Each page of their list is an API "
        "call, after the delivery and within --max-api-calls.",
        values.boolean,
        PUSH,
        default=False,
        flag=True,
        config_policy=NOT_THE_DELIVERY,
        group=Group.COMPARE,
    )
