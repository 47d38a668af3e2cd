"""How OneTest is reached, and with which key."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from onetest_ci.redaction import Secret
from onetest_ci.settings import values
from onetest_ci.settings.config_policy import NOT_THE_DELIVERY, NOT_THE_KEY, NOT_THE_TARGET
from onetest_ci.settings.option import CALLING, LAUNCH, PUSH, SENDING, Group, setting

DEFAULT_BASE_URL: Final = "https://tms.onetest.ai"


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)  # only made as part of Settings
class ConnectionSettings:
    """Settings of the connection to OneTest."""

    api_key: Secret | None = setting(
        "OneTest API key. On the command line use `--api-key-file`, which keeps it out of process lists.",
        values.api_key,
        (*SENDING, *LAUNCH, *CALLING),
        secret=True,
        config_policy=NOT_THE_KEY,
        group=Group.CONNECT,
    )
    api_key_file: str = setting(
        "File that holds the API key, `-` for standard input.",
        values.pattern,
        (*PUSH, *LAUNCH, *CALLING),
        default="",
        metavar="FILE",
        config_policy=NOT_THE_KEY,
        group=Group.CONNECT,
    )
    receiver_api_key: Secret | None = setting(
        "Key for the Receiver alone, where the product's own key (octo_, rp_) is used there.",
        values.api_key,
        (*SENDING, *LAUNCH, *CALLING),
        secret=True,
        config_policy=NOT_THE_KEY,
        group=Group.CONNECT,
    )
    base_url: str = setting(
        "Address of OneTest.",
        values.base_url,
        (*PUSH, *LAUNCH, *CALLING),
        default=DEFAULT_BASE_URL,
        metavar="URL",
        config_policy=NOT_THE_KEY,
        group=Group.CONNECT,
    )
    endpoint: tuple[tuple[str, str], ...] = setting(
        "Path of an endpoint, NAME=PATH, for a service with other paths; may be repeated.",
        values.pair,
        (*PUSH, *LAUNCH, *CALLING),
        default=(),
        metavar="NAME=PATH",
        multiple=True,
        config_policy=NOT_THE_TARGET,
        group=Group.CONNECT,
    )
    ca_bundle: Path | None = setting(
        "PEM file of certificate authorities to trust instead of the usual ones.",
        values.path,
        (*PUSH, *LAUNCH, *CALLING),
        metavar="FILE",
        config_policy=NOT_THE_KEY,
        group=Group.CONNECT,
    )
    timeout: int = setting(
        "Maximum seconds for all requests to OneTest together.",
        values.whole_number(1, 86_400),
        (*PUSH, *LAUNCH, *CALLING),
        default=1800,
        metavar="SECONDS",
        config_policy=NOT_THE_DELIVERY,
        group=Group.CONNECT,
    )
    wait_for_service: int = setting(
        "Maximum seconds to wait for OneTest's first response of the run, for example during a restart.",
        values.whole_number(0, 3600),
        (*PUSH, *LAUNCH, *CALLING),
        default=30,
        metavar="SECONDS",
        config_policy=NOT_THE_DELIVERY,
        group=Group.CONNECT,
    )
