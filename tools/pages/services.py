"""The paths that the client calls, and the API of the local OneTest."""

from collections import defaultdict
from collections.abc import Iterator

from onetest_ci.emulator import openapi
from onetest_ci.emulator.app import ENDPOINTS as SERVED
from onetest_ci.onetest.endpoints import ENDPOINTS
from pages.markdown import code, table


def endpoints() -> Iterator[str]:
    """Yield the table of the paths that ``--endpoint`` can replace."""
    rows = (
        (
            f"`{each.name}`",
            "<br>".join(f"`{each.method} {template}`" for template in each.templates),
            ", ".join(dict.fromkeys(each.label_of(template) for template in each.templates)),
            f"[notes](../onetest-api.md{each.source})",
        )
        for each in ENDPOINTS.values()
    )
    yield from table(("Name", "Request", "Ground", "Source"), rows)


def local() -> Iterator[str]:
    """Yield a table of requests for each service of the local OneTest."""
    services: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for path, operations in openapi.document(SERVED)["paths"].items():
        for method, operation in operations.items():
            assumed = "assumed" if operation.get("x-assumed") else ""
            services[operation["tags"][0]].append(
                (f"`{method.upper()} {path}`", code(operation["summary"]), assumed)
            )
    for service, rows in services.items():
        yield from ("", f"### {service}", "", *table(("Request", "What it does", ""), rows))
    yield ""
