import logging

import pytest

from tests.shared import Shared

pytestmark = pytest.mark.filterwarnings("default")


class TestInherits(Shared):
    pass


def test_logs(caplog):
    logging.getLogger("shop").warning("größe")


@pytest.mark.xfail(reason="known")
def test_passes_unexpectedly():
    pass


def test_skips_in_teardown(request):
    request.addfinalizer(lambda: pytest.skip("not now"))
    assert False, "before the skip"


def test_warns():
    import warnings

    warnings.warn("old", DeprecationWarning)


@pytest.mark.parametrize("case", [pytest.param(1, id="")])
def test_no_id(case):
    pass
