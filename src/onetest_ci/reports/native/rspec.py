"""RSpec's ``json`` formatter.

Facts: json_formatter.rb of rspec-core 3: ``examples``, ``summary``, and ``messages`` for errors outside.
"""

from collections.abc import Iterator
from typing import Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.fields import Fields, fields_of
from onetest_ci.reports.json_stream import JsonStream, read_json
from onetest_ci.reports.recorder import Recorder, verdict
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells

TELLS: Final = Tells(
    code_ref="`file_path` and the descriptions",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    times="duration",
)

_STATUSES: Final = {"passed": PASSED, "failed": FAILED, "pending": SKIPPED}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and its examples."""
    return read_json(stream, reading, _walk)


def _walk(document: JsonStream, recorder: Recorder) -> Iterator[None]:
    messages: list[str] = []
    for key in document.members():
        if key == "examples":
            for _ in document.items("examples"):
                _example(fields_of(document.value(), recorder.reading, "an example"), recorder)
                yield
        elif key == "messages":
            for _ in document.items("messages"):
                message = document.value()
                messages += [message] if isinstance(message, str) else []
        elif key == "summary":
            summary = fields_of(document.value(), recorder.reading, "summary")
            if summary.whole("errors_outside_of_examples_count"):
                recorder.enter_suite()
                recorder.outside("errors outside of examples", status=ERROR, details="\n".join(messages))


def _example(example: Fields, recorder: Recorder) -> None:
    file = example.text("file_path").removeprefix("./")
    description, exception = example.text("description"), example.object("exception")
    recorder.enter_suite(*([file] if file else []))
    recorder.case(
        description or example.text("full_description"),
        classname=example.text("full_description").removesuffix(description).strip(),
        status=verdict(recorder.reading, example.text("status"), _STATUSES),
        seconds=example.number("run_time"),
        message=(exception.text("message") or example.text("pending_message")).strip(),
        kind=exception.text("class"),
        details="\n".join([exception.text("message").strip(), *exception.texts("backtrace")]).strip(),
        file=file,
        line=example.whole("line_number"),
    )
