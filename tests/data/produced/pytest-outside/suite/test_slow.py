import time


def test_before():
    pass


def test_slow():
    time.sleep(60)
