"""What a dialect can tell of a test: a row of the table in the docs."""

from typing import NamedTuple


class Tells(NamedTuple):
    """Where each comes from, in a few words; empty for what the format does not tell.

    Attributes:
        code_ref: what the reference that OneTest links by is made of.
        attachments: files of one test.
        attempts: earlier tries of one test.
        parameters: of one case among several of one test.
        times: durations and dates.
    """

    code_ref: str
    attachments: str = ""
    attempts: str = ""
    parameters: str = ""
    times: str = ""


REPEATS = "repeats after a failure"
"""The rule where a dialect has no attempts of its own: a repeat of a failed test is its next try."""
