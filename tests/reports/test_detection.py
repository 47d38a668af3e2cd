import codecs
import gzip
import io
import zipfile

import pytest

from onetest_ci.reports.detection import read_head
from onetest_ci.reports.rejection import describe


def zipped(names: list[str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "root", "namespace"),
    [
        (b"<testsuites/>", "testsuites", ""),
        (
            b'<?xml version="1.0"?>\n<!-- c -->\n<?pi x?><!DOCTYPE a SYSTEM "b">\n<testsuite x="1">',
            "testsuite",
            "",
        ),
        (b'<testsuites xmlns="urn:x">', "testsuites", "urn:x"),
        (b'<p:testsuites xmlns:p="urn:y">', "testsuites", "urn:y"),
        (codecs.BOM_UTF8 + b"<a/>", "a", ""),
        ("\ufeff<a/>".encode("utf-16"), "a", ""),
        ("<?xml version='1.0' encoding='gb18030'?><中/>".encode("gb18030"), "中", ""),
        (b"\n  <?xml version='1.0'?><a/>", "a", ""),
        (b"<a \x01='", "", ""),
    ],
)
def test_the_root_element(data: bytes, root: str, namespace: str) -> None:
    stream = io.BytesIO(data)
    head = read_head(stream)

    assert (head.root, head.namespace) == (root, namespace)
    assert stream.tell() == 0


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<catalog><book/></catalog>", "an XML document with the root element <catalog>"),
        (b'<a xmlns="urn:b"/>', "an XML document with the root element <a> in the namespace urn:b"),
        (b' {"a": 1}', "JSON"),
        (b"<!DOCTYPE html><html><p>x</html>", "an XML document with the root element <html>"),
        (b"<!doctype html>\n<p>x", "an HTML page"),
        (b"<a b=c>", "broken XML"),
        (gzip.compress(b"<testsuite/>", mtime=0), "a gzip file"),
        (zipped(["a.xml"]), "a zip file"),
        (b"\x7fELF\0\0\0", "binary data"),
        (b"TAP version 13\nok 1", "text"),
    ],
)
def test_an_unknown_file_is_described_by_its_content(data: bytes, what: str) -> None:
    assert describe(read_head(io.BytesIO(data))) == what
