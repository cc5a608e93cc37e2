"""What becomes of a measurement when one of its programs fails."""
import argparse
import contextlib
import io
import tempfile
import unittest

from compare import Comparison
from comparison.programs import Key, ProgramFailed, rows

KEY = Key("mlp-784", "f32", "train")


class Double:
    """Stands for Aviary where only the order of what it is asked matters."""

    def __init__(self):
        self.asked = []

    def forget_kernels(self):
        self.asked.append("forget")

    def kernels(self):
        return []

    def export(self, *arguments):
        self.asked.append("export")

    def time(self, key, repeats):
        self.asked.append("time")

    def check(self, key, folder):
        self.asked.append("check")
        raise ProgramFailed("another loss")


class OrderTests(unittest.TestCase):
    def test_what_is_checked_runs_on_the_kernels_that_are_timed_and_what_differs_is_not_timed(self):
        comparison = Comparison.__new__(Comparison)
        comparison.aviary, comparison.keys, comparison.peers = Double(), [KEY], {KEY: []}
        comparison.problems, comparison.dropped, comparison.rows, comparison.limits = {}, [], {KEY: []}, []
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
            comparison.exported = folder
            comparison.given = argparse.Namespace(only=None, variants=None, inference=False)
            comparison.prepare()
        self.assertEqual(comparison.aviary.asked, ["forget", "time", "export", "check"])
        self.assertEqual(comparison.problems, {KEY: ["another loss"]})
        self.assertEqual(comparison.timed_keys(), [])


class StartTests(unittest.TestCase):
    def test_a_program_that_is_not_there_is_named(self):
        with self.assertRaises(ProgramFailed) as caught:
            rows(["/nowhere/python", "torch_peer.py"], 2)
        self.assertEqual(str(caught.exception), "/nowhere/python is not there; make bench makes it")


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
