"""Fuzz the reader with libFuzzer: no crash, no hang, no unbounded memory.

    python tests/fuzz/reading.py [--seconds 3600] [--findings DIR] [--formats NAME,NAME] --corpus DIR

Needs the extra ``fuzz``. Starts from small reports of its own and, where it is at hand, from the corpus; with
``--formats`` from the reports of these formats alone, whose members become words that are put in.
What it finds is kept as ``crash-*``, ``timeout-*`` or ``oom-*`` in ``--findings`` and ends the run; put it
under ``tests/fuzz/found`` once it is understood, where the suite reads it for ever.
"""

import argparse
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]

with atheris.instrument_imports(include=["onetest_ci"]):
    from onetest_ci.reports.formats.table import FORMATS

    # Readers are imported late; here they are to be instrumented first.
    for report_format in FORMATS:
        import_module(f"onetest_ci.reports.formats.{report_format.module}")

sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz.samples import TOKENS, of_formats, seeds, words_of
from fuzz.target import check

SECONDS_FOR_ONE = 20
MEGABYTES = 1024
LONGEST_INPUT = 50_000


def one_input(data: bytes) -> None:
    """What libFuzzer calls."""
    check(data)


def write_dictionary(path: Path, tokens: Iterable[bytes]) -> None:
    """Words of reports in libFuzzer's notation."""
    words = ("".join(f"\\x{byte:02x}" for byte in token) for token in tokens)
    path.write_text("".join(f'"{word}"\n' for word in words), encoding="ascii")


def main() -> None:
    """Write the seeds and hand over to libFuzzer, which does not come back."""
    options = argparse.ArgumentParser(description="Fuzz the reader.")
    options.add_argument("--seconds", type=int, default=3600)
    options.add_argument(
        "--corpus", type=Path, required=True, help="where the inputs grow; made when missing"
    )
    options.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    options.add_argument("--formats", default="", help="names of --report-format, separated by commas")
    given = options.parse_args()
    for folder in (given.corpus, given.findings):
        folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in given.formats.split(",") if name]
    start = list(of_formats(names) if names else seeds())
    for number, seed in enumerate(start):
        if len(seed) <= LONGEST_INPUT:
            (given.corpus / f"seed-{number:04}").write_bytes(seed)
    dictionary = given.findings / "dictionary"
    write_dictionary(dictionary, [*TOKENS, *(words_of(start) if names else ())])
    arguments = [
        sys.argv[0],
        f"-max_total_time={given.seconds}",
        f"-timeout={SECONDS_FOR_ONE}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-max_len={LONGEST_INPUT}",
        f"-dict={dictionary}",
        f"-artifact_prefix={given.findings}/",
        "-print_final_stats=1",
        "-verbosity=0",
        str(given.corpus),
    ]
    atheris.Setup(arguments, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
