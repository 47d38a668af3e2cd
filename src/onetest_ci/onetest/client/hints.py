"""What to do after a failed call. It depends on the command that made the call."""

from typing import Final, NamedTuple


class Hints(NamedTuple):
    """The hints of a command's errors.

    Attributes:
        no_response: a request may have arrived, but got no response.
        later: the service fails or does not respond.
        time: the time limit of all calls has passed.
        calls: the maximum number of calls was made.
        coins: no coins are left.
    """

    no_response: str
    later: str
    time: str
    calls: str
    coins: str


PUSHING: Final = Hints(
    no_response="Nothing is lost: push the bundle again.",
    later="Nothing is lost: push the bundle again later.",
    time="Push the bundle again to send the rest.",
    calls="Push the bundle again to send the rest, or allow more calls.",
    coins="Push the bundle again when the budget has been reset or raised.",
)
"""For a delivery: its bundle is kept."""

READING: Final = Hints(
    no_response="Nothing was changed: run the command again.",
    later="Run the command again later.",
    time="Run the command again, with a longer --timeout.",
    calls="Allow more calls with --max-api-calls.",
    coins="Run the command again when the budget has been reset or raised.",
)
"""For a command that only reads."""

WRITING: Final = READING._replace(
    no_response="OneTest may have done it. Check that before you run the command again."
)
"""For a command that changes something and keeps no bundle."""

SYNCING: Final = Hints(
    no_response="Run the command again: it continues, and looks for what OneTest may have done.",
    later="Run the command again later: it continues.",
    time="Run the command again: it continues.",
    calls="Run the command again: it continues. Or allow more calls with --max-api-calls.",
    coins="Run the command again when the budget has been reset or raised: it continues.",
)
"""For a sync of test cases, which a further run continues."""
