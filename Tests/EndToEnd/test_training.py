"""Trains on real Fashion-MNIST through the real program and finds the run by every way there is."""
import json
import os
import signal
import sqlite3
import tempfile
import unittest

from program import aviary, complaint, damaged_checkpoint, eventually, runs, started

SHORT = ("--set", "training.epochs=1", "--set", "training.batch-size=256", "--set", "training.checkpoint-every-steps=20")


class TrainingTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.store = os.path.join(folder.name, "store")

    def test_a_few_hundred_steps_reach_80_percent(self):
        output, _ = aviary("train", "resnet8-fashion-mnist", *SHORT, "--json", "--store", self.store)
        run = json.loads(output)
        self.assertEqual(run["status"], "FINISHED")
        self.assertGreaterEqual(run["metrics"]["test/accuracy"]["last"], 0.80)
        self.assertEqual(run["params"]["training.epochs"], "1")
        tensors, resident = (int(run["tags"][f"engine.peak_{what}_bytes"]) for what in ("tensor", "resident"))
        self.assertTrue(1_000_000 < tensors < resident < 4_000_000_000, (tensors, resident))
        self.assertEqual(runs(self.store), [run])
        text, _ = aviary("runs", "show", run["id"][:8], "--store", self.store)
        self.assertIn("test/accuracy", text)

    def test_killed_and_resumed_equals_uninterrupted(self):
        recipe = ("train", "mlp-fashion-mnist", *SHORT, "--store", self.store)
        aviary(*recipe)
        whole = runs(self.store)[0]
        process = started(*recipe)
        eventually(lambda: self.steps_of_newest(whole["id"]) > 60)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed = next(run for run in runs(self.store) if run["id"] != whole["id"])
        self.assertEqual(killed["status"], "RUNNING")
        aviary("train", "--resume", killed["id"], "--store", self.store)
        resumed = next(run for run in runs(self.store) if run["id"] == killed["id"])
        self.assertEqual(resumed["status"], "FINISHED")
        self.assertEqual(resumed["metrics"], whole["metrics"])
        self.assertEqual(self.points(whole["id"]), self.points(resumed["id"]))
        self.assertEqual(self.weights(whole["id"]), self.weights(resumed["id"]))

    def test_an_interrupt_keeps_a_checkpoint_and_says_how_to_go_on(self):
        process = started("train", "mlp-fashion-mnist", *SHORT, "--store", self.store)
        eventually(lambda: os.path.exists(self.store) and self.steps_of_newest("") > 5)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)
        run = runs(self.store)[0]
        self.assertEqual(run["status"], "KILLED")
        self.assertIn(f"aviary train --resume {run['id']}", errors)
        aviary("train", "--resume", run["id"], "--store", self.store)
        self.assertEqual(runs(self.store)[0]["status"], "FINISHED")

    def test_a_refused_resume_costs_no_point(self):
        # Long enough that it still trains when the second one asks.
        process = started("train", "mlp-fashion-mnist", *SHORT, "--set", "training.epochs=50", "--store", self.store)
        eventually(lambda: self.steps_of_newest("") > 60)
        run = runs(self.store)[0]["id"]
        _, errors = aviary("train", "--resume", run, "--store", self.store, status=1)
        self.assertIn("is being trained by another process", errors)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        before = runs(self.store)
        for key, value in (
            ("training.learning-rate", "0.5"), ("model.hidden", "64"), ("data.augmentation.flip", "true"),
            ("training.clip-norm", "1"),
        ):
            with self.subTest(key=key):
                _, errors = aviary(
                    "train", "--resume", run, "--set", f"{key}={value}", "--store", self.store, status=1)
                self.assertIn(f"it was written by another recipe ({key} is", errors)
                self.assertEqual(runs(self.store), before)
        for problem, damage in (
            ("its tensors do not fit; missing:", lambda header: header.update({"model.x": header.pop(self.weight(header))})),
            ("its step is -5", lambda header: header["__metadata__"].update(step="-5")),
        ):
            with self.subTest(problem=problem), damaged_checkpoint(self.store, run, damage):
                _, errors = aviary("train", "--resume", run, "--store", self.store, status=1)
                self.assertIn(problem, errors)
                self.assertEqual(runs(self.store), before)

    def test_waiting_threads_give_way_unless_the_user_says_otherwise(self):
        def told(**changes):
            return aviary("--version", OMP_DISPLAY_ENV="verbose", **changes)[1]

        self.assertIn("GOMP_SPINCOUNT = '1000'", told())
        self.assertIn("GOMP_SPINCOUNT = '77'", told(GOMP_SPINCOUNT="77"))
        self.assertIn("GOMP_SPINCOUNT = '0'", told(OMP_WAIT_POLICY="passive"))

    def weight(self, header):
        return next(key for key in header if key.startswith("model.") and key.endswith(".weight"))

    def steps_of_newest(self, other):
        if not os.path.exists(os.path.join(self.store, "aviary.db")):
            return 0
        steps = [
            run["metrics"]["train/loss"]["step"]
            for run in runs(self.store) if run["id"] != other and "train/loss" in run["metrics"]]
        return max(steps, default=0)

    def read(self, sql, *values):
        # After every program has closed the store: nobody's locks are dropped by this reader.
        database = sqlite3.connect(f"file:{self.store}/aviary.db?mode=ro", uri=True)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    def points(self, run):
        rows = self.read(
            "SELECT series.key, point.step, point.bits FROM point JOIN series ON series.id = point.series "
            "JOIN run ON run.id = series.run WHERE run.uuid = ? ORDER BY 1, 2", run)
        self.assertGreater(len(rows), 600)
        return rows

    def weights(self, run):
        rows = self.read(
            "SELECT sha256 FROM artifact WHERE path LIKE '%/' || ? || '/artifacts/model/weights.safetensors'", run)
        self.assertEqual(len(rows), 1)
        return rows[0][0]


class BadInputTests(unittest.TestCase):
    def test_each_mistake_is_one_clear_line(self):
        with tempfile.TemporaryDirectory() as folder:
            foreign = os.path.join(folder, "foreign")
            os.makedirs(foreign)
            sqlite3.connect(os.path.join(foreign, "aviary.db")).execute("CREATE TABLE other (x)").connection.commit()
            cases = [
                (("train", "resnet9", "--store", folder), "resnet8-fashion-mnist"),
                (("train", "mlp-fashion-mnist", "--set", "training.epoch=1", "--store", folder), "training.epochs"),
                (("train", "mlp-fashion-mnist", "--data", folder, "--store", folder), "train-images-idx3-ubyte"),
                (("train", "mlp-fashion-mnist", "--set", "training.threads=1000", "--store", folder),
                 "training.threads: 1000 given, but this machine has"),
                (("runs", "list", "--store", os.path.join(folder, "none")), "there is no store at"),
                (("runs", "list", "--store", foreign), "is not an Aviary store"),
                (("runs", "list", "--store", "http://127.0.0.1:5000"), "names the server"),
            ]
            for arguments, text in cases:
                with self.subTest(arguments=arguments):
                    output, errors = aviary(*arguments, status=1)
                    self.assertEqual(output, "")
                    self.assertIn(text, errors)
                    self.assertEqual(errors.strip().count("\n"), 0, errors)

    def test_more_threads_than_processors_are_refused(self):
        for arguments in (("train", "mlp-fashion-mnist"), ("evaluate", "none.safetensors"), ("predict", "none", "none")):
            with self.subTest(arguments=arguments):
                self.assertIn(
                    "OMP_NUM_THREADS: 1000 given, but this machine has", complaint(*arguments, OMP_NUM_THREADS="1000"))

    def test_a_usage_mistake_ends_with_64(self):
        aviary("train", status=64)
        aviary("runs", "compare", "one", status=64)


if __name__ == "__main__":
    unittest.main(verbosity=2)
