import unittest


class CartTest(unittest.TestCase):
    @classmethod
    def tearDownClass(cls):
        raise ConnectionError("left open")

    def test_adds(self):
        pass
