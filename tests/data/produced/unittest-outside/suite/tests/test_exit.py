import os
import unittest


class CartTest(unittest.TestCase):
    def test_adds(self):
        pass

    def test_exits(self):
        os._exit(3)
