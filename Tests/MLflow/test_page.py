"""The page of differences and the entries say the same."""
import unittest

from page import PAGE, page, unsplit


class PageTests(unittest.TestCase):
    def test_the_page_is_what_the_entries_make(self):
        with open(PAGE, encoding="utf-8") as file:
            self.assertEqual(file.read(), page(), "run Tests/MLflow/page.py")

    def test_every_reason_says_what_each_of_the_two_does(self):
        self.assertEqual(unsplit(), [])

    def test_rows_of_one_reason_are_one(self):
        with open(PAGE, encoding="utf-8") as file:
            rows = file.read().splitlines()
        for row in [
                "| `runs/…` | A tag's value with a NUL character is refused. | MLflow stores it. |",
                "| `experiments/…`, `runs/search` | Filters take OR, NOT and parentheses everywhere. | MLflow has AND "
                "alone. |",
                "| files of runs, paths of files | JSON has no spaces between its parts. | MLflow's has. |"]:
            self.assertEqual(rows.count(row), 1, row)


if __name__ == "__main__":
    unittest.main()
