import pytest

runs = 0


@pytest.mark.flaky(retries=1)
def test_at_last():
    global runs
    runs += 1
    print("run", runs)
    assert runs == 2


@pytest.mark.flaky(retries=1)
def test_never():
    assert False, "each time"
