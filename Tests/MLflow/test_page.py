"""The page of differences and the entries say the same."""
import unittest

from differences import DIFFERENCES
from page import PAGE, WHERE, halves, page, unsplit


class PageTests(unittest.TestCase):
    def test_the_page_is_what_the_entries_make(self):
        with open(PAGE, encoding="utf-8") as file:
            self.assertEqual(file.read(), page(), "run Tests/MLflow/page.py")

    def test_every_reason_says_what_each_of_the_two_does(self):
        self.assertEqual(unsplit(), [])

    def test_every_reason_is_a_row(self):
        rows = page().splitlines()
        for entry in DIFFERENCES:
            aviary, mlflow = halves(entry["reason"])
            self.assertTrue(
                any(row.endswith(f"| {aviary} | {mlflow} |") and WHERE[entry["scenario"]] in row for row in rows),
                entry["reason"])


if __name__ == "__main__":
    unittest.main()
