import pytest

from onetest.wire import Wire
from onetest_ci.errors import Refused
from onetest_ci.onetest.gateway import Gateway
from support.onetest import LocalOneTest


def test_a_good_key_is_accepted(onetest: LocalOneTest, wire: Wire) -> None:
    http = wire(onetest.url, onetest.api_key)
    Gateway(http).check_key()
    assert http.calls == {"gateway": 1}


def test_a_bad_key_is_refused(onetest: LocalOneTest, wire: Wire) -> None:
    with pytest.raises(Refused) as caught:
        Gateway(wire(onetest.url)).check_key()
    assert caught.value.code == "key-refused"
    assert "ONETEST_API_KEY" in caught.value.hint
