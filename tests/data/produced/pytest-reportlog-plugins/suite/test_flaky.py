from flaky import flaky

runs = 0


@flaky
def test_at_last():
    global runs
    runs += 1
    print("run", runs)
    assert runs == 2


@flaky
def test_never():
    assert False, "each time"
