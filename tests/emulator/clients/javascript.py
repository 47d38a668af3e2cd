"""Find the JavaScript agents. The Makefile installs them for ``make test-all``."""

import sys
from pathlib import Path

import pytest

INSTALLED = Path(sys.executable).parents[1] / "agents-js" / "node_modules"
NO_ANALYTICS = {"REPORTPORTAL_CLIENT_JS_NO_ANALYTICS": "1", "NO_COLOR": "1", "FORCE_COLOR": "0"}


def needs(*packages: str) -> list[pytest.MarkDecorator]:
    """Return the marks of a module whose tests need these packages."""
    missing = [name for name in packages if not (INSTALLED / name / "package.json").is_file()]
    reason = f"NO JAVASCRIPT AGENTS ({', '.join(missing)}): run it by make test-all"
    return [pytest.mark.full, pytest.mark.skipif(bool(missing), reason=reason)]
