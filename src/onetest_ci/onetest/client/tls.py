"""The authorities that TLS trusts. Certificate, chain and host name are always verified."""

import os
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from onetest_ci.errors import UsageProblem


def tls_context(scheme: str, ca_bundle: Path | None, environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return a TLS context for connections of a scheme.

    The authorities are those of ``ca_bundle``, else of SSL_CERT_FILE and SSL_CERT_DIR, else the system's,
    which include a company's own. A system without authorities gets those of Mozilla (certifi).

    Args:
        scheme: for ``http`` no authorities are loaded, which would take 0.1 s.
        ca_bundle: PEM file of authorities.
        environ: environment variables.

    Raises:
        UsageProblem: ``bad-ca-bundle``.
    """
    if scheme == "http":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_bundle is not None:
        return _loaded(str(ca_bundle), None, "--ca-bundle")
    file, folder = environ.get("SSL_CERT_FILE") or None, environ.get("SSL_CERT_DIR") or None
    if file or folder:
        return _loaded(
            file, folder, " and ".join(filter(None, (file and "SSL_CERT_FILE", folder and "SSL_CERT_DIR")))
        )
    if _system_has_authorities():
        return ssl.create_default_context()
    return httpx.create_ssl_context(trust_env=False)


def _loaded(file: str | None, folder: str | None, source: str) -> ssl.SSLContext:
    try:
        # OpenSSL reads a directory only when it needs to, and treats a missing one as empty.
        if folder and not any(Path(part).is_dir() for part in folder.split(os.pathsep)):
            raise NotADirectoryError(f"{folder} is not a directory")
        return ssl.create_default_context(cafile=file, capath=folder)
    except OSError as error:
        named = " and ".join(filter(None, (file, folder)))
        raise UsageProblem(
            "bad-ca-bundle",
            f"the authorities of {source} ({named}) cannot be loaded: {error.strerror or error}",
            "Use a PEM file of certificates, or for SSL_CERT_DIR a directory that c_rehash has prepared.",
        ) from None


def _system_has_authorities() -> bool:
    if sys.platform == "win32":
        return True
    paths = ssl.get_default_verify_paths()
    return Path(paths.openssl_cafile).is_file() or any(Path(paths.openssl_capath).glob("*"))
