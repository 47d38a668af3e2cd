from pathlib import Path

import pytest

from onetest_ci.errors import ServiceError
from onetest_ci.limits import MAX_FILE_BYTES
from onetest_ci.onetest.files import check_size, media_type, upload_name


def sparse(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


def test_a_file_of_exactly_the_limit_is_allowed(tmp_path: Path) -> None:
    assert check_size(sparse(tmp_path / "full", MAX_FILE_BYTES)) == 10_485_760


def test_one_byte_more_is_too_large(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="at most 10 MB") as caught:
        check_size(sparse(tmp_path / "over", MAX_FILE_BYTES + 1))
    assert caught.value.code == "too-large"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"gone\.png: No such file") as caught:
        check_size(tmp_path / "gone.png")
    assert caught.value.code == "unreadable-file"


@pytest.mark.parametrize("content_type", ["image/png", "text/plain; charset=utf-8", "image/svg+xml"])
def test_a_media_type_is_kept(content_type: str) -> None:
    assert media_type(content_type) == content_type


@pytest.mark.parametrize("content_type", ["", "png", "image/png\r\nX-Evil: 1", "a/" + "b" * 100, "ü/x"])
def test_an_invalid_media_type_becomes_plain_bytes(content_type: str) -> None:
    assert media_type(content_type) == "application/octet-stream"


def test_an_upload_name_has_no_path_and_no_characters_that_a_form_escapes() -> None:
    assert upload_name('../a\\b"c\r\n%.png') == ".._a_b_c _.png"
    assert upload_name("скрин 1.png") == "скрин 1.png"
    assert upload_name("") == "file"
    assert upload_name("x" * 300 + ".png") == "x" * 251 + ".png"
