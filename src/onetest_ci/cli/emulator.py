"""``onetest-ci emulator``."""

import json
import os
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import Final

import click

from onetest_ci.cli.command import Command
from onetest_ci.cli.output import echo, echo_json
from onetest_ci.errors import UsageProblem

_VARIABLES: Final = {
    "ONETEST_BASE_URL": "url",
    "ONETEST_PRODUCT_ID": "product_id",
    "ONETEST_API_KEY": "api_key",
}


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci emulator --seed
  onetest-ci emulator --env-file onetest.env    # then, elsewhere: . ./onetest.env
  onetest-ci emulator --port 8087 --database onetest.db
  onetest-ci emulator --budget 1000 --hourly-limit 500
  onetest-ci emulator --budget 50 --metering run --import-path a
""",
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
@click.option(
    "--env-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write address, product and key to when the server listens, as `export` lines for a shell.",
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
    env_file: Path | None,
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
    another terminal, or read the file of --env-file there. Then `onetest-ci doctor`
    shows whether a report would be delivered.
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
    if env_file is not None:
        _create_private(env_file)
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
        announce=partial(_announce, env_file),
    )


def _create_private(path: Path) -> None:
    """Create a file that only its owner can read, unless it exists."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise click.BadParameter(f"{str(path)!r}: {error.strerror}", param_hint="'--env-file'") from None


def _announce(env_file: Path | None, line: str, link: str) -> None:
    """Write the variables, print the lines for programs and, on a terminal, the link for a person."""
    if env_file is not None:
        _write_variables(env_file, json.loads(line))
    echo_json(f"{line}\n")
    echo_json(f"{link}\n")
    if sys.stderr.isatty():
        echo(f"Look around: {json.loads(link)['sign_in_url']}", err=True)


def _write_variables(file: Path, announced: dict[str, str | None]) -> None:
    """Replace the file's content, unless the key is unknown: an earlier start may have written it there."""
    values = {name: announced[member] for name, member in _VARIABLES.items()}
    if values["ONETEST_API_KEY"] is None:
        echo(f"{file} is unchanged: this database has its API key already, which is shown once.", err=True)
        return
    lines = (f"export {name}={shlex.quote(value or '')}\n" for name, value in values.items())
    file.write_text("".join(lines), encoding="utf-8")
