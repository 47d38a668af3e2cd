import unittest


class CartTest(unittest.TestCase):
    def tearDown(self):
        raise ConnectionError("left open")

    def test_adds(self):
        pass
