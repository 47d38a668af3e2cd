"""``onetest-ci emulator``."""

from pathlib import Path

import click

from onetest_ci.cli.output import echo
from onetest_ci.errors import UsageProblem


@click.command(
    epilog="""\b
Examples:
  onetest-ci emulator --port 8087
  onetest-ci emulator --database onetest.db --api-key-file key.txt
"""
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on."
)
@click.option(
    "--port",
    default=8087,
    show_default=True,
    type=click.IntRange(0, 65535),
    metavar="N",
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--database",
    type=click.Path(dir_okay=False, path_type=Path),
    help="SQLite file that keeps everything; without it all is gone at the end.",
)
@click.option(
    "--api-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that holds the API key to accept, in place of a new one.",
)
def command(host: str, port: int, database: Path | None, api_key_file: Path | None) -> None:
    """Run a local OneTest.

    Prints one line of JSON on standard output when it listens: url, product_id, api_key (shown once: null on
    an existing database), session_token (opens what a browser session opens).
    """
    try:
        from onetest_ci.emulator.server import serve  # noqa: PLC0415 - an optional extra
    except ModuleNotFoundError as problem:
        if (problem.name or "").startswith("onetest_ci"):
            raise
        raise UsageProblem(
            "emulator-not-installed",
            f"The emulator needs the package {problem.name}, which is not installed.",
            "Install the extra: pip install 'onetest-ci[emulator]'",
        ) from None
    serve(host=host, port=port, database=database, api_key_file=api_key_file, announce=echo)
