import os


def test_before():
    pass


def test_crashes():
    os.abort()


def test_behind():
    pass
