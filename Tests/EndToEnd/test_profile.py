"""Where a step's time goes: `aviary profile` in words, as JSON, as a run's file and on its page."""
import json
import os
import signal
import subprocess
import sys
import unittest

from program import FolderTests, Server, aviary, complaint, eventually, runs, started

HERE = os.path.dirname(os.path.abspath(__file__))
RECIPE = "resnet8-fashion-mnist"


class ProfileTests(FolderTests):
    def profiled(self, *arguments):
        output, _ = aviary("profile", *arguments, "--store", self.store)
        return output

    def artifact(self, server, run):
        return json.loads(server.get(f"/api/v1/runs/{run['id']}/artifacts/profile.json"))

    def test_the_json_adds_up_and_is_the_runs_file_and_its_page_shows_it(self):
        output = self.profiled(RECIPE, "--set", "training.batch-size=32", "--steps", "5", "--json")
        profile = json.loads(output)
        self.check_sums(profile)
        self.check_layers(profile)
        self.assertEqual((profile["steps"], profile["images"], profile["precision"]), (5, 32, "f32"))
        run, = runs(self.store)
        self.assertEqual((run["name"], run["experiment"], run["status"]), (RECIPE, RECIPE, "FINISHED"))
        self.assertEqual(run["tags"]["aviary.profile"], "profile.json")
        self.assertEqual(run["params"]["training.batch-size"], "32")
        self.assertEqual(run["id"], profile["run"])
        steps = sorted(self.series(run))
        self.assertEqual(len(steps), 5)
        self.assertAlmostEqual(steps[2] * 1e6, profile["step"]["nanoseconds"], delta=1)
        with Server(self.store) as server:
            self.assertEqual(self.artifact(server, run), profile)
            browser = subprocess.run(
                [os.environ.get("BROWSER_PYTHON", sys.executable), os.path.join(HERE, "browser_test.py"),
                 "--base", server.base, "--run", run["id"], "--only-profile"],
                capture_output=True, text=True, timeout=300)
            self.assertEqual(browser.returncode, 0, browser.stdout + browser.stderr)

    def series(self, run):
        """The milliseconds of each step, as the server tells them."""
        with Server(self.store) as server:
            answer = server.json("/api/v1/series", {
                "runs": [run["id"]], "keys": ["profile/step_milliseconds"], "x": "step", "buckets": 100})
        return [bucket["last"] for bucket in answer["series"][0]["buckets"]]

    def check_sums(self, profile):
        rows = profile["rows"]
        for key in ("nanoseconds", "flops", "bytes", "reorders"):
            whole = sum(row[key] for row in rows)
            for groups, name in (("operations", "operation"), ("layers", "layer")):
                self.assertEqual(sum(group[key] for group in profile[groups]), whole, f"{key} of {groups}")
                for group in profile[groups]:
                    own = sum(row[key] for row in rows if row[name] == group["name"])
                    self.assertEqual(group[key], own, f"{key} of {group['name']}")
        # Medians of rows need not be rows of the median step, but they come near.
        whole, step = sum(row["nanoseconds"] for row in rows), profile["step"]["nanoseconds"]
        self.assertGreater(whole, 0.5 * step)
        self.assertLess(whole, 1.5 * step)
        self.assertLessEqual(profile["step"]["leastNanoseconds"], step)
        for key in ("f32FlopsPerSecond", "bf16FlopsPerSecond", "bytesPerSecond"):
            self.assertGreater(profile["limit"][key], 1e7)

    def check_layers(self, profile):
        names = [layer["name"] for layer in profile["layers"]]
        for name in ("stem.conv", "stem.norm", "stages.0.0.conv1", "stages.2.0.norm2", "head"):
            self.assertIn(name, names)
        for name in ("(data)", "(loss)", "(buffers)", "(optimizer)", "(rest)"):
            self.assertIn(name, names)
        self.assertLess(names.index("(data)"), names.index("stem.conv"))
        self.assertLess(names.index("stem.conv"), names.index("head"))
        self.assertLess(names.index("head"), names.index("(buffers)"))
        # 16 channels from one, 3 × 3 weights, 28 × 28 places, 32 images; of the way back the weights' gradient alone.
        products = 2 * 16 * 9 * 28 * 28 * 32
        stem = {
            row["phase"]: row for row in profile["rows"]
            if row["layer"] == "stem.conv" and row["operation"] == "convolution"}
        self.assertEqual((stem["forward"]["flops"], stem["backward"]["flops"]), (products, products))
        self.assertEqual((stem["forward"]["kind"], stem["forward"]["calls"]), ("Convolution", 1))

    def test_the_tables_are_for_reading_and_for_cutting(self):
        text = self.profiled("mlp-fashion-mnist", "--steps", "3", "--name", "fast", "--experiment", "speed")
        lines = text.splitlines()
        self.assertRegex(lines[0], r"^step \d+\.\d\d ms \(median of 3, the fastest \d+\.\d\d\), \d+ images/s$")
        self.assertRegex(lines[1], r"^limit \d+\.\d GFLOP/s in f32, \d+\.\d in bf16, \d+\.\d GB/s$")
        rows = [line.split("\t") for line in lines if "\t" in line]
        operations = [row for row in rows if row[0] == "linear"]
        self.assertEqual([len(row) for row in operations], [10])
        self.assertEqual(operations[0][1], "3", "three linear layers, each called once a step")
        layers = {row[0]: row for row in rows if len(row) == 11}
        self.assertLessEqual({"layers.0", "layers.2", "layers.4", "(optimizer)"}, set(layers))
        self.assertEqual(layers["layers.0"][1], "Linear")
        run, = runs(self.store)
        self.assertEqual((run["name"], run["experiment"]), ("fast", "speed"))

    def test_what_train_refuses_is_refused_in_the_same_words(self):
        for arguments in (
                ("resnet9",), (RECIPE, "--set", "training.epoch=1"), (RECIPE, "--set", "training.batch-size=0"),
                (RECIPE, "--data", self.folder), (RECIPE, "--set", "training.threads=1000")):
            with self.subTest(arguments=arguments):
                lines = [complaint(command, *arguments, "--store", self.store) for command in ("profile", "train")]
                self.assertEqual(*lines)
                self.assertFalse(os.path.exists(self.store))

    def test_a_count_of_steps_that_cannot_be_is_a_usage_mistake(self):
        for steps in ("0", "1001", "-1", "many"):
            with self.subTest(steps=steps):
                output, errors = aviary("profile", RECIPE, f"--steps={steps}", "--store", self.store, status=64)
                self.assertEqual(output, "")
                self.assertIn("steps", errors)
        self.assertFalse(os.path.exists(self.store))

    def test_an_interrupt_ends_the_run_as_killed(self):
        process = started("profile", RECIPE, "--steps", "1000", "--store", self.store)
        eventually(lambda: os.path.exists(os.path.join(self.store, "aviary.db")) and any(
            "profile/step_milliseconds" in run["metrics"] for run in runs(self.store)))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertEqual([run["status"] for run in runs(self.store)], ["KILLED"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
