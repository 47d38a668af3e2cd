import unittest


def tearDownModule():
    raise ConnectionError("left open")


class CartTest(unittest.TestCase):
    def test_adds(self):
        pass
