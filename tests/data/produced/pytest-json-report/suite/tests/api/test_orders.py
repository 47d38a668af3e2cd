import unittest

import pytest


class OrdersTest(unittest.TestCase):
    def test_lists(self):
        for page in range(3):
            with self.subTest(page=page):
                self.assertNotEqual(page, 1)

    def test_creates(self):
        self.assertTrue(True)


def test_pages(subtests):
    for page in range(2):
        with subtests.test(msg="page", number=page):
            assert page == 0
