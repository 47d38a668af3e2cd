"""The first bytes of a packed report. ``archives`` reads it, and is imported only for one."""

from typing import Final

GZIP_MAGIC: Final = b"\x1f\x8b"
ZIP_MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06")
