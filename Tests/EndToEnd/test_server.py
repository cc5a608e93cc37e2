"""The real server: what it tells, what it draws in a real browser, and the zoo it is a source of."""
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from program import PROGRAM, Server, aviary, environment, eventually, runs, started

HERE = os.path.dirname(os.path.abspath(__file__))
MODEL = "resnet8-fashion-mnist"


class ServerTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.store = os.path.join(folder.name, "store")

    def test_the_page_is_live_while_another_process_trains(self):
        trainer = started("train", MODEL, "--set", "training.epochs=1", "--store", self.store)
        self.addCleanup(trainer.communicate)
        self.addCleanup(trainer.kill)
        eventually(lambda: os.path.exists(os.path.join(self.store, "aviary.db")) and runs(self.store))
        with Server(self.store) as server:
            run = eventually(lambda: [run for run in runs(self.store) if "train/loss" in run["metrics"]])[0]
            browser = subprocess.run(
                [os.environ.get("BROWSER_PYTHON", sys.executable), os.path.join(HERE, "browser_test.py"),
                 "--base", server.base, "--run", run["id"], "--while-training", "5"],
                capture_output=True, text=True, timeout=300)
            self.assertEqual(browser.returncode, 0, browser.stdout + browser.stderr)
            trainer.send_signal(signal.SIGINT)
            trainer.wait(timeout=60)
            self.assertEqual(server.json("/api/v1/runs")["runs"], runs(self.store))
            series = server.json(
                "/api/v1/series", {"runs": [run["id"]], "keys": ["train/loss"], "x": "step", "buckets": 50})
            last = runs(self.store)[0]["metrics"]["train/loss"]
            buckets = series["series"][0]["buckets"]
            self.assertEqual(sum(bucket["count"] for bucket in buckets), last["step"] + 1)
            self.assertEqual(buckets[-1]["last"], last["last"])
            self.assertEqual(min(bucket["min"] for bucket in buckets), last["min"])

    def test_the_catalogues_figures_are_measured_again(self):
        figures = json.loads(aviary("zoo", "show", MODEL, "--json")[0])["figures"]
        measured = json.loads(aviary("evaluate", MODEL, "--json")[0])["metrics"]
        self.assertEqual(measured["test/accuracy"], figures["test/accuracy"])
        self.assertGreaterEqual(measured["test/accuracy"], 0.91)

    def test_weights_are_pulled_from_another_aviary(self):
        cache = os.path.join(self.folder, "cache")
        with Server(self.store) as server:
            path = aviary("zoo", "pull", MODEL, "--from", server.base, XDG_CACHE_HOME=cache)[0].strip()
            self.assertTrue(path.startswith(cache), path)
            served = server.get(f"/zoo/weights/{MODEL}.safetensors")
        with open(path, "rb") as file:
            self.assertEqual(file.read(), served)

    def test_one_changed_byte_is_refused_and_nothing_is_left(self):
        entry = json.loads(aviary("zoo", "show", MODEL, "--json")[0])
        cache = os.path.join(self.folder, "cache")
        good = aviary("zoo", "verify", MODEL)[0].strip().split("\t")[2]
        damaged = os.path.join(self.folder, "damaged.safetensors")
        with open(good, "rb") as source, open(damaged, "wb") as copy:
            content = bytearray(source.read())
            content[-1] ^= 1
            copy.write(content)
        self.assertEqual(os.path.getsize(damaged), entry["bytes"])
        _, errors = aviary("zoo", "pull", MODEL, "--from", damaged, status=1, XDG_CACHE_HOME=cache)
        self.assertIn("SHA-256", errors)
        self.assertEqual([name for _, _, names in os.walk(cache) for name in names if "lock" not in name], [])

    def test_a_port_in_use_is_one_clear_line(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            _, errors = aviary("serve", "--port", port, "--store", self.store, status=1)
        self.assertEqual(errors.strip().count("\n"), 0)
        self.assertIn(f"port {port} of 127.0.0.1 is in use", errors)

    def test_version_answers_at_once(self):
        seconds = []
        for _ in range(10):
            begin = time.monotonic()
            output = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, env=environment())
            seconds.append(time.monotonic() - begin)
            self.assertRegex(output.stdout, r"^\d+\.\d+\.\d+$")
        self.assertLess(min(seconds), 0.05)


if __name__ == "__main__":
    unittest.main(verbosity=2)
