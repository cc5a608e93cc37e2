"""What counts as a difference, and that the list of allowed ones cannot grow stale."""
import os
import unittest

from comparison import Allowance, compared
from differences import DIFFERENCES
from scenarios import FULL_PACKAGE, NAMES

HERE = os.path.dirname(os.path.abspath(__file__))
ENTRY = {"scenario": "runs", "mlflow": r"a \| or: raised = .*", "aviary": r"a \| or: \[\d\] = .*",
         "reason": "OR works."}


class ComparisonTests(unittest.TestCase):
    def test_equal_logs_do_not_differ(self):
        self.assertEqual(compared("runs", ["a", "b"], ["a", "b"], Allowance([])), [])

    def test_a_line_that_differs_is_shown_from_both_sides(self):
        self.assertEqual(
            compared("runs", ["a", "b", "c"], ["a", "x", "c"], Allowance([])), ["--- mlflow", "+++ aviary", "-b", "+x"])

    def test_a_log_that_is_cut_short_differs(self):
        self.assertEqual(compared("runs", ["a", "b"], ["a"], Allowance([]))[2:], ["-b"])

    def test_a_listed_difference_is_excused_on_its_side_and_in_its_scenario_only(self):
        mlflow, aviary = ['a | or: raised = "X"', "z"], ['a | or: [0] = "run"', "z"]
        self.assertEqual(compared("runs", mlflow, aviary, Allowance([ENTRY])), [])
        self.assertEqual(len(compared("runs", aviary, mlflow, Allowance([ENTRY]))), 4)
        self.assertEqual(len(compared("search", mlflow, aviary, Allowance([ENTRY]))), 4)

    def test_beside_an_excused_line_another_still_counts(self):
        self.assertEqual(
            compared("runs", ['a | or: raised = "X"', "y"], ["z"], Allowance([ENTRY]))[2:], ["-y", "+z"])

    def test_an_entry_that_excuses_nothing_is_told(self):
        allowance = Allowance([ENTRY])
        compared("runs", ['a | or: raised = "X"'], [], allowance)
        self.assertEqual(allowance.unused({"search"}), [])
        self.assertEqual(
            allowance.unused({"runs"}),
            [r"runs: no line of aviary alone is like 'a \\| or: \\[\\d\\] = .*' (OR works.)"])

    def test_an_entry_wants_a_reason_and_a_side(self):
        for entry in [{"scenario": "runs", "mlflow": "x"}, {"scenario": "runs", "reason": "r"}, ENTRY | {"line": "x"}]:
            with self.assertRaisesRegex(ValueError, "wants scenario, reason, and mlflow or aviary or both"):
                Allowance([entry])


class ListTests(unittest.TestCase):
    def test_every_scenario_in_the_folder_is_in_the_list(self):
        files = {name.removesuffix(".py") for name in os.listdir(os.path.join(HERE,
                                                                              "scenarios")) if name.endswith(".py")}
        self.assertEqual(files - {"__init__"}, set(NAMES))
        self.assertEqual(len(NAMES), len(set(NAMES)))
        self.assertLessEqual(FULL_PACKAGE, set(NAMES))

    def test_the_listed_differences_are_well_formed_and_of_scenarios_that_are(self):
        Allowance(DIFFERENCES)
        self.assertLessEqual({entry["scenario"] for entry in DIFFERENCES}, set(NAMES))


if __name__ == "__main__":
    unittest.main()
