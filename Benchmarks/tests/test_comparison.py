"""What becomes of a measurement when one of its programs fails."""
import contextlib
import io
import unittest

from compare import Comparison
from comparison.programs import Key

KEY = Key("mlp-784", "f32", "train")


class FailureTests(unittest.TestCase):
    def setUp(self):
        # Programs are only compared with each other here; none is started.
        self.comparison = Comparison.__new__(Comparison)
        self.comparison.aviary = "aviary"
        self.comparison.keys = [KEY]
        self.comparison.peers = {KEY: ["eager", "compiled"]}
        self.comparison.problems, self.comparison.dropped = {}, []

    def fail(self, program):
        with contextlib.redirect_stderr(io.StringIO()):
            self.comparison.fail(KEY, program, "out of memory")

    def test_one_way_of_a_peer_is_left_out_and_told(self):
        self.fail("compiled")
        self.assertEqual(self.comparison.peers[KEY], ["eager"])
        self.assertEqual(self.comparison.dropped, ["mlp-784 f32: compiled is left out: out of memory"])
        self.assertEqual(self.comparison.timed_keys(), [KEY])

    def test_without_any_peer_or_without_aviary_there_is_no_ratio(self):
        for failing in (["compiled", "eager"], ["aviary"]):
            with self.subTest(failing=failing):
                self.setUp()
                for program in failing:
                    self.fail(program)
                self.assertEqual(self.comparison.problems, {KEY: ["out of memory"]})
                self.assertEqual(self.comparison.timed_keys(), [])


if __name__ == "__main__":
    unittest.main()
