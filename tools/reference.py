"""Write the generated parts of the reference pages.

    python tools/reference.py          write them
    python tools/reference.py --check  exit with 1 if one of them is out of date

``generated_parts.py`` describes how a file marks its parts.
"""

import sys
from functools import partial
from typing import Final

from generated_parts import Parts, write
from pages import bundle, commands, errors, schemas, services, settings

_REFERENCE: Final = "docs/reference"

PARTS: Final[Parts] = {
    f"{_REFERENCE}/commands.md": {"commands": commands.commands},
    f"{_REFERENCE}/settings.md": {
        "overview": settings.overview,
        "settings": settings.settings,
        "ci-variables": settings.ci_variables,
    },
    f"{_REFERENCE}/inputs-and-outputs.md": {
        "inputs": settings.inputs,
        "outputs": settings.outputs,
        "jenkins": settings.jenkins,
    },
    f"{_REFERENCE}/exit-codes.md": {"exit-codes": settings.exit_codes},
    f"{_REFERENCE}/error-codes.md": {"error-codes": errors.error_codes},
    f"{_REFERENCE}/json.md": {
        name: partial(schemas.members, name) for name in ("outcome", "doctor", "saved-results")
    },
    f"{_REFERENCE}/bundle.md": {
        "manifest": bundle.manifest,
        "items": bundle.items,
        "steps": bundle.steps,
    },
    f"{_REFERENCE}/endpoints.md": {"endpoints": services.endpoints},
    f"{_REFERENCE}/local-onetest-api.md": {"requests": services.local},
}

if __name__ == "__main__":
    sys.exit(write(PARTS, check=sys.argv[1:] == ["--check"]))
