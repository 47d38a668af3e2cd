import pytest


def setup_module():
    raise RuntimeError("no module")


def test_in_module():
    pass


class TestClass:
    @classmethod
    def setup_class(cls):
        raise RuntimeError("no class")

    def test_in_class(self):
        pass
