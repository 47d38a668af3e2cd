"""What all tests of the shop share."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def attach(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Keep a file beside the report and name it on standard output, as the JUnit convention has it."""
    folder = Path(request.config.getoption("xmlpath") or "report.xml").parent / "attachments"

    def keep(name: str, content: bytes) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        print(f"[[ATTACHMENT|attachments/{name}]]")

    return keep
