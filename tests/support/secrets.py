"""Looking for secrets in all that a run wrote or sent, in whatever form they may stand there."""

import base64
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote


class Search:
    """Finds secrets by value: plain, escaped, percent-encoded, and in base64 of any text around them.

    Args:
        secrets: what must be nowhere.
    """

    def __init__(self, *secrets: str) -> None:
        self._forms = {form for secret in secrets for form in _forms(secret)}

    def in_bytes(self, place: str, content: bytes) -> Iterator[tuple[str, bytes]]:
        """Each form found, with the place; archives are looked into as well."""
        for form in self._forms:
            if form in content:
                yield place, form
        if content.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    yield from self.in_bytes(f"{place}!{name}", archive.read(name) + name.encode())

    def in_files(self, places: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
        """The same for all files under these directories, and their names."""
        for place in places:
            for path in sorted(place.rglob("*")):
                yield from self.in_bytes("a name", str(path.relative_to(place)).encode())
                if path.is_file():
                    yield from self.in_bytes(str(path), path.read_bytes())


def _forms(secret: str) -> Iterator[bytes]:
    raw = secret.encode()
    yield raw
    yield quote(secret, safe="").encode()
    yield "".join(f"%{byte:02X}" for byte in raw).encode()
    yield secret.replace("_", "\\_").encode()  # as Markdown escapes it
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            # Bearer key, user:key, :key: what stands before shifts it; the middle is the same in any context.
            yield encode(b"\0" * shift + raw)[4 if shift else 0 : -4]
