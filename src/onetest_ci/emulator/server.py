"""Start the emulator, announce its address, and stop it cleanly."""

import asyncio
import contextlib
import errno
import json
import logging
import os
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import python_multipart  # noqa: F401 - starlette imports it only at the first form
import uvicorn
from starlette.types import ASGIApp

from onetest_ci.emulator import membership_store, seed, times
from onetest_ci.emulator.app import make_app
from onetest_ci.emulator.call import Background, Services
from onetest_ci.emulator.credentials import CACHE_SECONDS, KEY_PATTERN, Credentials, NewKey, digest
from onetest_ci.emulator.files import Files
from onetest_ci.emulator.metering import Limits, Meter
from onetest_ci.emulator.receiver import junit_import
from onetest_ci.emulator.signing import Signer
from onetest_ci.emulator.store import Store
from onetest_ci.errors import UsageProblem, no_temporary_directory

# Seconds. Agents pause between calls (ReportPortal's for 3 s before a finish) and then reuse the connection.
_KEEP_ALIVE = 75
_SHUTDOWN_SECONDS = 3
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - replaced by an address that works


class Options(NamedTuple):
    """Options of the server.

    Attributes:
        limits: coins and requests.
        key_cache: seconds for which a personal key stays accepted without another look into the database.
        import_paths: the paths of the JUnit import to serve, by their letters in
            docs/onetest-api.md#paths-of-the-import.
        seed: whether to fill a new database with a history.
    """

    limits: Limits = Limits()
    key_cache: float = CACHE_SECONDS
    import_paths: tuple[str, ...] = tuple(junit_import.NAMED_PATHS)
    seed: bool = False


def serve(
    *,
    host: str,
    port: int,
    database: Path | None,
    api_key_file: Path | None,
    options: Options,
    announce: Callable[[str, str], None],
) -> None:
    """Run the emulator until SIGINT or SIGTERM.

    Args:
        host: address to listen on.
        port: port to listen on; 0 chooses a free one.
        database: the SQLite file, created if it does not exist. Contents of files are in
            ``<database>.files`` beside it. Without a database, all data are in a temporary directory that is
            deleted at the end.
        api_key_file: contains the API key to accept, in place of a random one.
        options: further options.
        announce: called once, when the server listens, with two lines of JSON. The first contains ``url``,
            ``product_id``, ``api_key`` (``null`` if an earlier start showed it) and ``session_token``, the
            second ``sign_in_url``, which signs a browser in once.

    Raises:
        UsageProblem: the address, the database or the key file cannot be used.
    """
    fixed_key = _read_key(api_key_file) if api_key_file else None
    with contextlib.ExitStack() as stack:
        if database is None:
            database = stack.enter_context(_temporary_folder()) / "onetest.db"
        listener = stack.enter_context(_listen(host, port))
        store = stack.enter_context(contextlib.closing(Store(database)))
        services = _make_services(store, database, options)
        product_id, api_key = _product_and_key(services, fixed_key)
        junit_import.abandon_unfinished(store)
        if options.seed and store.is_new:
            seed.fill(services, product_id)
        url = _url(host, listener)
        line = json.dumps(
            {
                "url": url,
                "product_id": product_id,
                "api_key": api_key,
                "session_token": services.credentials.open_session(),
            }
        )
        link = json.dumps({"sign_in_url": f"{url}/sign-in?code={services.credentials.sign_in_code()}"})
        paths = frozenset(junit_import.NAMED_PATHS[letter] for letter in options.import_paths)
        _run(make_app(services, paths), listener, lambda: announce(line, link))


def _make_services(store: Store, database: Path, options: Options) -> Services:
    return Services(
        store=store,
        files=Files(database.with_name(database.name + ".files")),
        credentials=Credentials(store, times.now, options.key_cache),
        meter=Meter(store, times.now, options.limits),
        signer=Signer(times.now),
        background=Background(),
        clock=times.now,
    )


@contextlib.contextmanager
def _temporary_folder() -> Iterator[Path]:
    try:
        folder = tempfile.TemporaryDirectory(prefix="onetest-emulator-")
    except OSError:
        raise no_temporary_directory(
            "none of TMPDIR, /tmp, /var/tmp and the current directory",
            "name a file for the data with --database",
        ) from None
    with folder as name:
        yield Path(name)


class _Server(uvicorn.Server):
    """A server that calls ``listening`` when it listens."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._listening()


def _run(app: ASGIApp, listener: socket.socket, listening: Callable[[], None]) -> None:
    config = uvicorn.Config(
        app,
        access_log=False,
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        timeout_keep_alive=_KEEP_ALIVE,
        ws="none",
    )
    # It warns about each malformed part of a form; the response reports that already.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    with _quiet_signals():
        asyncio.run(_Server(config, listening).serve([listener]))


@contextlib.contextmanager
def _quiet_signals() -> Iterator[None]:
    """Make a stop by signal a normal end: uvicorn shuts down and then raises the signal again."""

    def ignore(_number: int, _frame: FrameType | None) -> None:
        pass

    before = {number: signal.signal(number, ignore) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off only if the socket's protocol is set.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # on Windows it would let two servers share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Listen before the loop starts: a client that connects in between waits and does not fail.
        listener.listen(1024)
    except OSError as error:
        listener.close()
        in_use = error.errno == errno.EADDRINUSE
        raise UsageProblem(
            "address-in-use" if in_use else "cannot-listen",
            f"Cannot listen on {host}:{port}: {error.strerror or error}.",
            "Use --port 0 for a free port, or stop the program that listens there."
            if in_use
            else "Name an address of this machine and a port that you may use.",
        ) from error
    return listener


def _url(host: str, listener: socket.socket) -> str:
    shown = _ANY_ADDRESS.get(host, host)
    port = listener.getsockname()[1]
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _product_and_key(services: Services, fixed_key: str | None) -> tuple[str, str | None]:
    """Return the product to announce and its new key; ``None`` if an earlier start created the key."""
    store = services.store
    with store.transaction():
        if store.is_new:
            product_id = membership_store.create_demo_product(services)
        else:
            product_id = membership_store.first_product(store)
        exists = fixed_key and store.value("SELECT 1 FROM api_keys WHERE hash = ?", digest(fixed_key))
        if exists or (not store.is_new and fixed_key is None):
            return product_id, None
        return product_id, services.credentials.create(NewKey("Default", product_id), fixed_key)[1]


def _read_key(path: Path) -> str:
    try:
        key = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(
            "api-key-file-unreadable",
            f"The API key file {path} cannot be read: {error}.",
            "Name a text file.",
        ) from error
    if not KEY_PATTERN.fullmatch(key):
        raise UsageProblem(
            "api-key-malformed",
            f"{path} does not contain an API key.",
            "A key is ak_ and 32 characters, each a capital letter or a digit.",
        )
    return key
