"""What counts as the same fixture: last digits may differ, and nothing else."""
import contextlib
import io
import json
import os
import tempfile
import unittest

from compare_fixtures import main

FIXTURE = {
    "operation": "relu", "values": [100.0, 0.5], "deviation": 1e-7, "special": float("nan"),
    "float32Deviation": {"loss": 1e-4},
}


class FixtureTests(unittest.TestCase):
    def compared(self, written, committed=FIXTURE, name="relu.json"):
        """The status and what is printed."""
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as output:
            for side, content in (("old", committed), ("new", written)):
                os.mkdir(os.path.join(folder, side))
                if content is not None:
                    with open(os.path.join(folder, side, name), "w") as file:
                        file.write(content if isinstance(content, str) else json.dumps(content))
            status = main(os.path.join(folder, "old"), os.path.join(folder, "new"))
        return status, output.getvalue()

    def test_last_digits_may_differ(self):
        # Of a list by 1e-5 of its greatest, of a number near 0 by 1e-5.
        for change in ({}, {"values": [100.0, 0.5005]}, {"deviation": 5e-6}, {"float32Deviation": {"loss": 9e-4}}):
            with self.subTest(change=change):
                self.assertEqual(self.compared(FIXTURE | change), (0, ""))

    def test_all_else_may_not(self):
        for change, place in (
            ({"values": [100.0, 0.502]}, "values[1]: 0.5 is committed, 0.502 written"),
            ({"values": [100.0]}, "values: not the same"),
            ({"values": [100.0, float("nan")]}, "values[1]: not the same"),
            ({"special": 0}, "special: not the same"),
            ({"deviation": 2e-5}, "deviation: 1e-07 is committed, 2e-05 written"),
            ({"operation": "relu6"}, "operation: not the same"),
            ({"float32Deviation": {"loss": 2e-3}}, "float32Deviation.loss: 0.0001 is committed, 0.002 written"),
            ({"float32Deviation": {"weights": 1e-4}}, "float32Deviation: not the same"),
            ({"more": 1}, "relu.json: not the same"),
        ):
            with self.subTest(change=change):
                status, output = self.compared(FIXTURE | change)
                self.assertEqual(status, 1)
                self.assertIn(place, output)

    def test_a_file_of_one_side_is_told(self):
        self.assertEqual(self.compared(None), (1, "relu.json: only in one of both\n"))

    def test_what_is_no_json_is_the_same_bytes(self):
        self.assertEqual(self.compared("a", "a", name="x.bin"), (0, ""))
        self.assertEqual(self.compared("a", "b", name="x.bin"), (1, "x.bin: not the same bytes\n"))


if __name__ == "__main__":
    unittest.main()
