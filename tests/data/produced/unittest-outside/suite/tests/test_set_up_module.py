import unittest


def setUpModule():
    raise ConnectionError("no database")


class CartTest(unittest.TestCase):
    def test_adds(self):
        pass
