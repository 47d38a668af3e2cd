"""``onetest-ci api``: any call of OneTest, made as all others are: key, TLS, proxies, retries, redaction."""

import sys
from contextlib import suppress
from typing import Any, Final, NamedTuple

import click

from onetest_ci.cli.api_request import STDIN, body_of, fields_of, headers_of, method_of, query_of, uses_stdin
from onetest_ci.cli.api_response import Printer
from onetest_ci.cli.command import Command
from onetest_ci.cli.destination import check_access, check_trust
from onetest_ci.cli.invocation import Invocation, begin
from onetest_ci.cli.options import settings_options
from onetest_ci.cli.output import ask, is_terminal
from onetest_ci.connection import connect
from onetest_ci.errors import OnetestError, ServiceError, UsageProblem
from onetest_ci.onetest.any_path import PRODUCT, READING_METHODS, Target, endpoint_of, target_of
from onetest_ci.onetest.client.hints import READING, WRITING
from onetest_ci.onetest.client.http import Http
from onetest_ci.onetest.client.responses import RawResponse
from onetest_ci.onetest.pages import all_entries
from onetest_ci.redaction import Redactor
from onetest_ci.settings import Settings
from onetest_ci.settings.option import variable_name
from onetest_ci.text.plural import plural

_FORMATS: Final = ("json", "raw")


class _Options(NamedTuple):
    """The options of this command alone, as click parses them."""

    typed: tuple[str, ...]
    raw: tuple[str, ...]
    source: str
    headers: tuple[str, ...]
    include: bool
    paginate: bool
    format_name: str | None
    yes: bool


class _Request(NamedTuple):
    """A request that was checked.

    Attributes:
        method: in upper case.
        target: its path and query.
        headers: besides those of the client.
        content: the body; None without one.
    """

    method: str
    target: Target
    headers: list[tuple[str, str]]
    content: bytes | None

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method in READING_METHODS

    @property
    def accepts_html(self) -> bool:
        """Whether a person asked for a web page."""
        accepted = next((value for name, value in self.headers if name.lower() == "accept"), "")
        return "text/html" in accepted or "*/*" in accepted

    @property
    def shown(self) -> str:
        """The method and the path, for messages."""
        return f"{self.method} {self.target.path}"


@click.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci api GET /api/gateway/api/v1/tools
  onetest-ci api GET '/api/test-management/api/v1/products/{product_id}/test-cases' --paginate
  onetest-ci api POST '/api/test-management/api/v1/products/{product_id}/test-cases' \\
    --field title='Sign in' --field execution_type=manual --field priority=p2
  onetest-ci api PUT /api/test-management/api/v1/test-cases/ID --input changes.json
  onetest-ci api GET '/api/artifacts/PATH' --format raw > trace.zip
""",
)
@click.argument("method")
@click.argument("path")
@click.option(
    "-F",
    "--field",
    "typed",
    metavar="NAME=VALUE",
    multiple=True,
    help="Field of the body, for GET of the query; may be repeated. `true`, `false`, `null` and whole "
    "numbers are sent as such, @FILE is the text of a file. NAME[KEY]=VALUE fills an object, NAME[]=VALUE "
    "a list.",
)
@click.option(
    "-f",
    "--raw-field",
    "raw",
    metavar="NAME=VALUE",
    multiple=True,
    help="Field whose value is sent as text.",
)
@click.option(
    "--input",
    "source",
    metavar="FILE",
    default="",
    help="File to send as the body, `-` for standard input. Fields then become the query.",
)
@click.option(
    "-H",
    "--header",
    "headers",
    metavar="NAME:VALUE",
    multiple=True,
    help="Further header, or another Accept or Content-Type; may be repeated.",
)
@click.option("-i", "--include", is_flag=True, help="Print the response's status and headers, too.")
@click.option("--paginate", is_flag=True, help="Request all pages of a list, and print one list.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(_FORMATS),
    default=None,
    help="`json`: indented; an error if the response is not JSON. `raw`: the bytes of the response. By "
    "default JSON is indented and anything else is raw.",
)
@click.option("--yes", is_flag=True, help="Do not ask before a DELETE.")
@settings_options("api")
def command(method: str, path: str, **flags: Any) -> None:
    """Make any call of OneTest and print its response.

    METHOD is GET, POST, PUT, PATCH, DELETE, HEAD or OPTIONS. PATH begins with / and is below --base-url;
    `{product_id}` in it is the product. The paths that onetest-ci knows are listed in docs/onetest-api.md.

    The key of the Receiver is used for the Receiver's paths. A response that is not a success is printed,
    too, and the exit code is 5 if the key or the product is refused, 6 if no coins or calls are left, else 4.
    """
    options = _Options(**{name: flags.pop(name) for name in _Options._fields})
    invocation = begin("api", flags, masks_keys=True, prints_data=True)
    request = _request(method_of(method), path, options, invocation.settings)
    if not request.reads:
        check_trust(invocation.context, request.shown)
    if request.method == "DELETE" and not options.yes:
        _confirm(request)
    _make(request, options, invocation)


def _request(method: str, path: str, options: _Options, settings: Settings) -> _Request:
    """Check everything that the command line and the settings contain. Nothing is sent.

    Raises:
        UsageProblem: something is not allowed or missing.
        Refused: the key is missing.
    """
    check_access(settings, needs_product=PRODUCT in path)
    target = target_of(path, settings.product_id)
    if uses_stdin(options.source, options.typed) and settings.api_key_file == STDIN:
        raise UsageProblem(
            "stdin-used-twice",
            "Standard input cannot hold both the key and a part of the request.",
            f"Set {variable_name('api-key')}, or name a file.",
        )
    _check_paging(method, options)
    fields = fields_of(options.typed, options.raw)
    body = body_of(method, fields, options.source)
    if fields and (body is None or options.source):
        target = target.with_query(query_of(fields))
    headers = headers_of(options.headers, body)
    request = _Request(method, target, headers, None if body is None else body.content)
    _check_secrecy(request, settings)
    return request


def _check_paging(method: str, options: _Options) -> None:
    """Check the options that ``--paginate`` excludes.

    Raises:
        UsageProblem: ``bad-option``.
    """
    if options.paginate and (method != "GET" or options.include or options.format_name == "raw"):
        raise UsageProblem(
            "bad-option",
            "--paginate is for GET, and prints one JSON list.",
            "Leave out --include and --format raw, or request one page after the other.",
        )


def _check_secrecy(request: _Request, settings: Settings) -> None:
    """Refuse a key in any other place than the client's own header.

    Raises:
        UsageProblem: ``key-in-request``.
    """
    keys = Redactor(settings.secrets)
    content = (request.content or b"").decode("utf-8", "replace")
    text = "\n".join((*request.target, *(value for _, value in request.headers), content))
    if keys.text(text) != text:
        raise UsageProblem(
            "key-in-request",
            "The path, a header or the body contains an API key.",
            "Remove it: onetest-ci sends the key in the header Authorization, and nowhere else.",
        )


def _confirm(request: _Request) -> None:
    """Ask whether to delete.

    Raises:
        UsageProblem: ``not-confirmed``.
    """
    if is_terminal(sys.stdin) and is_terminal(sys.stderr):
        if ask(f"{request.shown}: delete this in OneTest?"):
            return
        raise UsageProblem("not-confirmed", "Nothing was deleted.")
    raise UsageProblem(
        "not-confirmed", "DELETE needs a confirmation, and the command runs without a terminal.", "Add --yes."
    )


def _make(request: _Request, options: _Options, invocation: Invocation) -> None:
    """Make the call, or the calls of all pages, and print the result.

    Raises:
        ServiceError: OneTest does not respond, or refuses the request.
    """
    settings, redact = invocation.settings, invocation.redact
    printer = Printer(options.format_name or "", redact, invocation.context)
    with connect(
        settings,
        redact,
        invocation.output.debug,
        max_calls=settings.max_api_calls,
        hints=READING if request.reads else WRITING,
    ) as http:
        try:
            if options.paginate:
                _print_all_pages(http, request, printer)
            else:
                _print_response(http, request, printer, include=options.include)
        finally:
            invocation.output.notice(f"{plural(http.total_calls, 'API call')}.")


def _print_response(http: Http, request: _Request, printer: Printer, *, include: bool) -> None:
    response, error = _exchange(http, request, request.target.query)
    if include:
        printer.head(response)
    if error is not None:
        _print_refused(printer, response)
        raise error
    printer.body(response)


def _print_all_pages(http: Http, request: _Request, printer: Printer) -> None:
    def get(query: str) -> Any:
        response, error = _exchange(http, request, query)
        if error is not None:
            _print_refused(printer, response)
            raise error
        return printer.parsed(response)

    printer.value(all_entries(get, request.target.path, request.target.query))


def _print_refused(printer: Printer, response: RawResponse) -> None:
    """Print the body of a response that is not a success, if it can be printed. Its error follows."""
    with suppress(OnetestError):
        printer.body(response)


def _exchange(http: Http, request: _Request, query: str) -> tuple[RawResponse, ServiceError | None]:
    return http.exchange(
        endpoint_of(request.method, request.target.path),
        request.target.path,
        query=query,
        headers=request.headers,
        content=request.content,
        may_be_html=request.accepts_html,
    )
