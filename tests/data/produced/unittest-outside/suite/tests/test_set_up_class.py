import unittest


class CartTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise ConnectionError("no database")

    def test_adds(self):
        pass
