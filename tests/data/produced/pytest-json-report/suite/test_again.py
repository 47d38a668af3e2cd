import os


def test_never():
    assert False, "each time"


def test_at_last():
    first = not os.path.exists("tried")
    open("tried", "w").close()
    print("attempt", "one" if first else "two")
    assert not first, "not yet"
