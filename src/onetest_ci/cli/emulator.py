"""``onetest-ci emulator``."""

import json
import sys
from pathlib import Path

import click

from onetest_ci.cli.output import echo, echo_json
from onetest_ci.errors import UsageProblem


@click.command(
    epilog="""\b
Examples:
  onetest-ci emulator --seed
  onetest-ci emulator --port 8087 --database onetest.db
  onetest-ci emulator --budget 1000 --hourly-limit 500
  onetest-ci emulator --budget 50 --metering run --import-path a
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
    help="Port to listen on; 0 chooses a free one.",
)
@click.option(
    "--database",
    type=click.Path(dir_okay=False, path_type=Path),
    help="SQLite file for all data. Without it, the data are deleted at the end.",
)
@click.option(
    "--api-key-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that contains the API key to accept, in place of a new one.",
)
@click.option("--seed", is_flag=True, help="Fill a new database with example launches.")
@click.option(
    "--budget",
    type=click.IntRange(0),
    metavar="COINS",
    help="Coins per product and week (OneTest: 1000). Calls beyond them are refused with 429. "
    "Default: coins are counted, no call is refused.",
)
@click.option(
    "--overage",
    type=click.Choice(("block", "allow")),
    default="block",
    show_default=True,
    help="Whether calls beyond the budget are refused.",
)
@click.option(
    "--hourly-limit",
    type=click.IntRange(0, 10_000),
    default=0,
    metavar="N",
    help="Requests per product and hour. Further ones are refused with 429. Default: 0, no limit.",
)
@click.option(
    "--metering",
    type=click.Choice(("call", "run")),
    default="call",
    show_default=True,
    help="call: every call costs one coin. run: a write costs one coin; the end of a launch or an import "
    "costs 1 coin and 1 per 100 tests.",
)
@click.option(
    "--key-cache",
    type=click.FloatRange(0, 300),
    default=300,
    show_default=True,
    metavar="SECONDS",
    help="How long a revoked key may still be accepted.",
)
@click.option(
    "--import-path",
    type=click.Choice(("all", "a", "b", "c")),
    default="all",
    show_default=True,
    help="The path of the JUnit import to serve: a /api/receiver/…/import/junit/upload, "
    "b /api/v1/…/import/junit, c /api/receiver/…/import/junit.",
)
def command(
    *,
    host: str,
    port: int,
    database: Path | None,
    api_key_file: Path | None,
    seed: bool,
    budget: int | None,
    overage: str,
    hourly_limit: int,
    metering: str,
    key_cache: float,
    import_path: str,
) -> None:
    """Run a local OneTest.

    When the server listens, the command prints two lines of JSON on standard output. The first contains url,
    product_id, api_key (shown once: null on an existing database) and session_token, which has the rights of
    a browser's session. The second contains sign_in_url, which signs a browser in once. /openapi.json
    describes the API.

    To use it, set ONETEST_BASE_URL to url, ONETEST_PRODUCT_ID to product_id and ONETEST_API_KEY to api_key in
    another terminal. Then `onetest-ci doctor` shows whether a report would be delivered.
    """
    try:
        from onetest_ci.emulator.metering import Limits  # noqa: PLC0415 - an optional extra
        from onetest_ci.emulator.server import Options, serve  # noqa: PLC0415 - as above
    except ModuleNotFoundError as problem:
        if (problem.name or "").startswith("onetest_ci"):
            raise
        raise UsageProblem(
            "emulator-not-installed",
            f"The emulator needs the package {problem.name}, which is not installed.",
            "Install the extra: pip install 'onetest-ci[emulator]'",
        ) from None
    options = Options(
        limits=Limits(budget, overage == "allow", hourly_limit, metering),
        key_cache=key_cache,
        import_paths=("a", "b", "c") if import_path == "all" else (import_path,),
        seed=seed,
    )
    serve(
        host=host,
        port=port,
        database=database,
        api_key_file=api_key_file,
        options=options,
        announce=_announce,
    )


def _announce(line: str, link: str) -> None:
    """Print the lines for programs and, on a terminal, the link for a person."""
    echo_json(f"{line}\n")
    echo_json(f"{link}\n")
    if sys.stderr.isatty():
        echo(f"Look around: {json.loads(link)['sign_in_url']}", err=True)
