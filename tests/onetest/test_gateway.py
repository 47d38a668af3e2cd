import pytest

from onetest.scripted_server import Connections
from onetest_ci.errors import Refused
from onetest_ci.onetest.gateway import Gateway
from support.onetest import LocalOneTest


def test_a_good_key_is_accepted(onetest: LocalOneTest, connect: Connections) -> None:
    http = connect(onetest.url, onetest.api_key)
    Gateway(http).check_key()
    assert http.calls == {"gateway": 1}


def test_a_bad_key_is_refused(onetest: LocalOneTest, connect: Connections) -> None:
    with pytest.raises(Refused) as caught:
        Gateway(connect(onetest.url)).check_key()
    assert caught.value.code == "key-refused"
    assert "ONETEST_API_KEY" in caught.value.hint
