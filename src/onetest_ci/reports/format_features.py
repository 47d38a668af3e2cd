"""What a format contains: a row of the table in the documentation."""

from typing import Final, NamedTuple

NO_RETRIES: Final = "never: the format has no retries"
"""For ``FormatFeatures.retries``: results of one name are different tests."""

NONE_OUTSIDE: Final = "none: the producer writes nothing of the kind"
"""For ``FormatFeatures.outside``."""

NO_TOTALS: Final = "none"
"""For ``FormatFeatures.totals``: the file has no totals, or they are not reliable, as the source explains."""


class FormatFeatures(NamedTuple):
    """Where each fact comes from, in a few words; an empty text where the format does not contain it.

    Attributes:
        code_ref: the parts of the reference by which OneTest links a result to a test case.
        retries: how a retry is recognised, as its producer marks it. Nothing else is merged.
        outside: failures outside of tests that become cases in error.
        totals: totals of the producer that count as evidence: failures in them that no case shows become a
            case in error.
        attachments: files of one test.
        parameters: of one case among several of one test.
        times: durations and dates.
    """

    code_ref: str
    retries: str
    outside: str
    totals: str
    attachments: str = ""
    parameters: str = ""
    times: str = ""
