"""Which settings ``.onetest.yml`` may hold, and why: that file comes with the code under test.

Anybody who can open a pull request can edit it. So it may describe the reports and the run. It may not choose
where the results and the key go or what is trusted. It can make a gate stricter and not looser, and its paths
stay below the workspace. A setting without a policy of its own is refused.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple


class ConfigPolicy(NamedTuple):
    """Whether ``.onetest.yml`` may hold a setting.

    Attributes:
        allowed: ``yes``, ``no``, or which values it may hold (``only `any```).
        why: the reason; completes "the file comes with the code under test and" where a value is refused.
        accepts: returns whether the file may hold a value of the setting.
    """

    allowed: str
    why: str
    accepts: Callable[[Any], bool]

    @property
    def refused(self) -> bool:
        """Whether the file may hold no value of the setting."""
        return self.allowed == "no"


def _no(why: str) -> ConfigPolicy:
    return ConfigPolicy("no", why, lambda _: False)


NOT_THE_KEY: Final = _no("must not choose where the API key goes")
NOT_A_SECRET: Final = _no("must not contain a secret, which anybody could read there")
NOT_THE_TARGET: Final = _no("must not choose where the results go, or which launch they join")
NOT_A_GATE: Final = _no("must not turn a red run green")
NOT_THE_DELIVERY: Final = _no("must not keep results from being sent, or have them sent twice")
NOT_THE_TRUST: Final = _no("must not decide what is trusted")
NOT_A_CLAIM: Final = _no("must not change what OneTest shows of other runs and environments")
NOT_THE_RUN: Final = _no("must not change how the CI configuration runs this command")
"""The policy of a setting that declares none."""

DESCRIBES: Final = ConfigPolicy("yes", "it describes the run or its reports", lambda _: True)
STRICTER: Final = ConfigPolicy("yes", "it can only count more failures than the default", lambda _: True)
STRICTER_THAN_NONE: Final = ConfigPolicy(
    "yes", "each gate has to pass, so one more can only be stricter", lambda _: True
)
BELOW_WORKSPACE: Final = ConfigPolicy(
    "yes",
    "the path stays below the workspace after links are followed, and out of version control",
    lambda _: True,
)


def only(value: Any, shown: str, why: str = "can only make a gate stricter") -> ConfigPolicy:
    """Return the policy that allows one value, which makes a gate stricter unless there is another reason."""
    return ConfigPolicy(f"only `{shown}`", why, lambda one: bool(one == value))


def one_of(*values: str) -> ConfigPolicy:
    """Return the policy that allows some values, each of which makes a gate stricter."""
    shown = " or ".join(f"`{value}`" for value in values)
    return ConfigPolicy(f"only {shown}", "can only make a gate stricter", lambda one: one in values)


def at_most(maximum: int) -> ConfigPolicy:
    """Return the policy that allows to lower a limit: its default is the maximum."""
    return ConfigPolicy(f"at most {maximum:,}", "can only lower a limit", lambda one: bool(one <= maximum))
