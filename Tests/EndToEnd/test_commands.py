"""What each command says on real runs, real weights and real pictures, in words and as JSON."""
import gzip
import hashlib
import json
import os
import signal
import sqlite3
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.request
import zlib

from program import (
    PROGRAM, FolderTests, Server, asked, aviary, complaint, environment, eventually, runs, started)

MODEL = "resnet8-fashion-mnist"
DATA = "/usr/share/datasets/fashion-mnist"
CLASSES = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
COMMANDS = ["train", "evaluate", "predict", "profile", "runs", "serve", "zoo", "demo", "doctor", "gc"]
LEAVES = [
    "train", "evaluate", "predict", "profile", "runs list", "runs show", "runs compare", "serve", "zoo list", "zoo show",
    "zoo pull", "zoo verify", "demo", "doctor", "gc"]


def table(output):
    """The rows of a table as it is printed where nobody reads: by their first cell."""
    rows = [line.split("\t") for line in output.splitlines()]
    return {row[0]: row[1:] for row in rows if len(row) > 1}


def write_png(path, side, channels, rows):
    """A square picture, grey or RGB, from its rows, each behind a zero byte (no filter)."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2 if channels == 3 else 0, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, body in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
            file.write(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))


class RunsTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.store = os.path.join(cls.enterClassContext(tempfile.TemporaryDirectory()), "store")
        for name, hidden in (("narrow", 8), ("wide", 32)):
            aviary(
                "train", "mlp-fashion-mnist", "--name", name, "--experiment", "widths",
                "--set", "training.epochs=1", "--set", "training.batch-size=512", "--set", f"model.hidden={hidden}",
                "--store", cls.store)
        cls.wide, cls.narrow = runs(cls.store)

    def ask(self, *arguments):
        return aviary("runs", *arguments, "--store", self.store)[0]

    def test_list_has_a_line_for_each_run_the_newest_first(self):
        self.assertEqual((self.wide["name"], self.narrow["name"]), ("wide", "narrow"))
        rows = [line.split("\t") for line in self.ask("list").splitlines()]
        self.assertEqual([row[:5] for row in rows], [
            [run["id"][:8], run["name"], "widths", "FINISHED", run["startTime"]] for run in (self.wide, self.narrow)])
        self.assertEqual(float(rows[0][5]), round(self.wide["metrics"]["test/accuracy"]["last"], 4))
        self.assertEqual(json.loads(self.ask("list", "--limit", "1", "--json")), [self.wide])
        self.assertEqual(json.loads(self.ask("list", "--experiment", "widths", "--json")), [self.wide, self.narrow])

    def names(self, *arguments):
        return [run["name"] for run in json.loads(self.ask("list", *arguments, "--json"))]

    def test_list_takes_a_filter_and_an_order(self):
        self.assertEqual(self.names("--filter", "params.model.hidden = 8"), ["narrow"])
        self.assertEqual(self.names("--filter", "params.model.hidden > 8 AND status = 'FINISHED'"), ["wide"])
        self.assertEqual(self.names("--filter", "run_name =~ '^(wide|narrow)$' AND start_time > now() - 1h"), [
            "wide", "narrow"])
        self.assertEqual(self.names("--filter", "NOT params.model.hidden = 8", "--experiment", "widths"), ["wide"])
        self.assertEqual(self.names("--order-by", "run_name"), ["narrow", "wide"])
        self.assertEqual(self.names("--order-by", "status, run_name DESC", "--limit", "1"), ["wide"])
        self.assertEqual(self.names("--order-by", "status", "--order-by", "run_name"), ["narrow", "wide"])
        best = sorted((self.wide, self.narrow), key=lambda run: run["metrics"]["test/accuracy"]["last"])[-1]
        self.assertEqual(self.names("--order-by", "metrics.test/accuracy DESC", "--limit", "1"), [best["name"]])
        self.assertEqual(self.names("--filter", "duration > 10d"), [])

    def test_a_filter_that_cannot_be_read_says_the_column(self):
        self.assertEqual(
            complaint("runs", "list", "--filter", "metrics.loss > 'x'", "--store", self.store),
            "error: --filter: column 16: a number is expected after '>', not ''x''")
        self.assertEqual(
            complaint("runs", "list", "--order-by", "run_name, loss", "--store", self.store),
            "error: --order-by: column 11: 'loss' is no attribute of a run; there are run_id, run_name, user_id, "
            "status, artifact_uri, start_time, end_time, created, duration; a metric is written metrics.loss")
        self.assertEqual(
            complaint("runs", "list", "--filter", "status = 'x'", "--experiment", "none", "--store", self.store),
            "error: no experiment is named 'none'")

    def test_show_tells_everything_of_one_run(self):
        self.assertEqual(json.loads(self.ask("show", "wide", "--json")), self.wide)
        text = self.ask("show", self.wide["id"][:8])
        self.assertIn(self.wide["id"], text)
        self.assertIn("widths, FINISHED", text)
        self.assertIn(f"started {self.wide['startTime']}, ended {self.wide['endTime']}", text)
        rows = table(text)
        for key, metric in self.wide["metrics"].items():
            numbers = [f"{metric['last']:.5f}", str(metric["step"]), f"{metric['min']:.5f}", f"{metric['max']:.5f}"]
            self.assertEqual(rows[key], numbers, key)
        for key, value in self.wide["params"].items():
            self.assertEqual(rows[key], [value], key)

    def test_compare_shows_what_differs_and_every_metric(self):
        rows = table(self.ask("compare", "narrow", self.wide["id"][:8]))
        self.assertEqual(rows["model.hidden"], ["8", "32"])
        self.assertEqual(set(rows) - set(self.wide["metrics"]), {"model.hidden"})
        for key in self.wide["metrics"]:
            last = [run["metrics"][key]["last"] for run in (self.narrow, self.wide)]
            self.assertEqual(rows[key], [f"{value:.5f}" for value in last], key)

    def test_compare_as_json_is_the_runs_in_the_order_asked(self):
        self.assertEqual(json.loads(self.ask("compare", "narrow", "wide", "--json")), [self.narrow, self.wide])

    def test_a_run_that_is_not_there_is_one_clear_line(self):
        for arguments in (("show", "broad"), ("compare", "wide", "broad")):
            line = complaint("runs", *arguments, "--store", self.store)
            self.assertIn("'broad'", line)
            self.assertIn("aviary runs list", line)

    def test_doctor_tells_of_the_store(self):
        text = aviary("doctor", "--store", self.store)[0]
        self.assertRegex(text, rf"(?m)^store +{self.store} on \w+, schema \d+, 2 runs$")
        self.assertRegex(text, r"(?m)^SQLite +3\.\d+\.\d+, wal, ")
        self.assertRegex(text, r"(?m)^check +ok$")
        facts = json.loads(aviary("doctor", "--json", "--store", self.store)[0])
        self.assertEqual(facts["check"], "ok")
        self.assertEqual(facts["aviary"], aviary("--version")[0].strip())
        self.assertEqual(set(facts), {line.split()[0] for line in text.splitlines()})
        for name, fact in facts.items():
            self.assertIn(fact, text, name)


class PredictTests(FolderTests):
    @classmethod
    def setUpClass(cls):
        with gzip.open(f"{DATA}/t10k-images-idx3-ubyte.gz") as images:
            cls.pixels = images.read()[16:]
        with gzip.open(f"{DATA}/t10k-labels-idx1-ubyte.gz") as labels:
            cls.labels = labels.read()[8:]

    def png(self, index, channels=1, scale=1):
        """Writes a test image as PNG, grey or RGB, each pixel `scale` by `scale`, and gives its path."""
        picture = self.pixels[784 * index:784 * (index + 1)]
        rows = b""
        for row in range(28):
            line = b"".join(
                bytes([pixel]) * (channels * scale) for pixel in picture[28 * row:28 * (row + 1)])
            rows += (b"\0" + line) * scale
        path = os.path.join(self.folder, f"{index}-{channels}-{scale}.png")
        write_png(path, 28 * scale, channels, rows)
        return path

    def test_most_pictures_are_told_apart(self):
        pictures = [self.png(index) for index in range(100)]
        answers = json.loads(aviary("predict", MODEL, *pictures, "--json")[0])
        self.assertEqual([answer["image"] for answer in answers], pictures)
        right = 0
        for answer, label in zip(answers, self.labels):
            classes = answer["classes"]
            self.assertEqual(sorted(one["class"] for one in classes), sorted(CLASSES))
            probabilities = [one["probability"] for one in classes]
            self.assertEqual(probabilities, sorted(probabilities, reverse=True))
            self.assertAlmostEqual(sum(probabilities), 1, places=5)
            right += classes[0]["class"] == CLASSES[label]
        self.assertGreaterEqual(right, 85)

    def test_a_line_names_picture_class_and_probability(self):
        pictures = [self.png(index) for index in range(3)]
        answers = json.loads(aviary("predict", MODEL, *pictures, "--json")[0])
        best = [answer["classes"][0] for answer in answers]
        self.assertEqual(
            aviary("predict", MODEL, *pictures)[0].splitlines(),
            [f"{path}\t{one['class']}\t{one['probability']:.4f}" for path, one in zip(pictures, best)])

    def test_colour_and_size_are_brought_to_what_the_model_knows(self):
        answers = json.loads(aviary(
            "predict", MODEL, self.png(0), self.png(0, channels=3), self.png(0, scale=4), "--json")[0])
        grey, coloured, large = (answer["classes"] for answer in answers)
        self.assertEqual(coloured, grey)
        self.assertEqual(large[0]["class"], grey[0]["class"])

    def test_a_picture_that_cannot_be_read_is_one_clear_line(self):
        text = os.path.join(self.folder, "text.png")
        with open(text, "w") as file:
            file.write("no picture\n")
        half = self.png(0)
        os.truncate(half, os.path.getsize(half) // 2)
        cases = [
            (os.path.join(self.folder, "none.png"), "there is no"), (text, "not a PNG or JPEG picture"),
            (half, "damaged"), (self.folder, "not a regular file")]
        for path, problem in cases:
            with self.subTest(problem=problem):
                line = complaint("predict", MODEL, path)
                self.assertIn(path, line)
                self.assertIn(problem, line)

    def test_a_bad_picture_among_good_ones_gives_no_half_json(self):
        pipe = os.path.join(self.folder, "pipe.png")
        os.mkfifo(pipe)
        self.assertIn("it is not a regular file", complaint("predict", MODEL, pipe))
        line = complaint("predict", MODEL, self.png(0), "/none.png", "--json")
        self.assertIn("/none.png", line)

    def test_a_model_that_is_not_there_is_one_clear_line(self):
        self.assertIn(MODEL, complaint("predict", "resnet9", self.png(0)))
        self.assertIn("/none.safetensors", complaint("predict", "/none.safetensors", self.png(0)))


class ZooTests(FolderTests):
    def test_the_command_line_lists_what_the_server_lists(self):
        entries = json.loads(aviary("zoo", "list", "--json")[0])
        self.assertIn(MODEL, [entry["name"] for entry in entries])
        with Server(self.store) as server:
            self.assertEqual(server.json("/api/v1/models")["models"], entries)
        rows = table(aviary("zoo", "list")[0])
        self.assertEqual(sorted(rows), sorted(entry["name"] for entry in entries))
        for entry in entries:
            accuracy = f"{entry['figures']['test/accuracy']:.4f}"
            self.assertEqual(
                rows[entry["name"]],
                [entry["task"], entry["dataset"], str(entry["parameters"]), accuracy, entry["licence"]])

    def test_show_tells_the_entry_and_its_card(self):
        entry = json.loads(aviary("zoo", "show", MODEL, "--json")[0])
        self.assertIn(entry, json.loads(aviary("zoo", "list", "--json")[0]))
        self.assertEqual((entry["parameters"], entry["recipe"]), (75_002, MODEL))
        text = aviary("zoo", "show", MODEL)[0]
        for part in (entry["summary"], entry["sha256"], "75002 parameters", "# ResNet-8 on Fashion-MNIST"):
            self.assertIn(part, text)

    def test_verify_names_the_file_that_has_the_catalogues_bytes(self):
        name, verdict, path = aviary("zoo", "verify", MODEL)[0].rstrip("\n").split("\t")
        self.assertEqual((name, verdict), (MODEL, "ok"))
        entry = json.loads(aviary("zoo", "show", MODEL, "--json")[0])
        with open(path, "rb") as file:
            content = file.read()
        self.assertEqual((len(content), hashlib.sha256(content).hexdigest()), (entry["bytes"], entry["sha256"]))
        names = [entry["name"] for entry in json.loads(aviary("zoo", "list", "--json")[0])]
        self.assertEqual(sorted(table(aviary("zoo", "verify")[0])), sorted(names))

    def test_verify_as_json_says_the_same(self):
        path = aviary("zoo", "verify", MODEL)[0].rstrip("\n").split("\t")[2]
        answer = json.loads(aviary("zoo", "verify", MODEL, "--json")[0])
        self.assertEqual(answer, [{"name": MODEL, "ok": True, "file": path}])

    def test_a_model_that_is_not_there_is_one_clear_line(self):
        for command in ("show", "verify", "pull"):
            line = complaint("zoo", command, "resnet9")
            self.assertIn("'resnet9' is not in the zoo", line)
            self.assertIn(MODEL, line)


class UsageTests(FolderTests):
    def test_help_mentions_every_command(self):
        text = aviary("--help")[0]
        for command in COMMANDS:
            self.assertRegex(text, rf"(?m)^  {command} +[A-Z]")
            self.assertIn("USAGE: aviary " + command, aviary(command, "--help")[0])

    def test_store_and_json_are_everywhere(self):
        for command in LEAVES:
            for option in ("--store", "--json"):
                with self.subTest(command=command, option=option):
                    self.assertRegex(aviary(*command.split(), "--help")[0], rf"(?m)^  {option}\b")

    def test_what_is_not_understood_ends_with_64_and_says_so(self):
        for arguments in (
                ["frobnicate"], ["runs", "frobnicate"], ["--frobnicate"], ["train", "x", "--frobnicate"],
                ["serve", "--port", "many"], ["predict", MODEL], ["zoo", "show"], ["runs", "show"]):
            with self.subTest(arguments=arguments):
                output, errors = aviary(*arguments, status=64)
                self.assertEqual(output, "")
                self.assertIn("Usage: aviary", errors)

    def test_doctor_needs_no_store(self):
        text = aviary("doctor", "--store", self.store)[0]
        self.assertIn(f"none at {self.store} yet", text)
        self.assertFalse(os.path.exists(self.store))


    def test_the_clients_address_is_not_for_who_looks_after_a_store(self):
        client = {"MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}
        aviary("doctor", cwd=self.folder, **client)
        self.assertIn("names the server http://127.0.0.1:9", complaint("runs", "list", **client))

    def test_a_refused_server_makes_no_store(self):
        for arguments, text in ((("--port", "70000"), "port 70000 does not exist"), (("--host", "0.0.0.0"), "loopback")):
            with self.subTest(arguments=arguments):
                self.assertIn(text, complaint("serve", *arguments, "--store", self.store))
                self.assertFalse(os.path.exists(self.store))

    def test_a_resumed_run_keeps_its_name(self):
        _, errors = aviary("train", "--resume", "0", "--name", "other", "--store", self.store, status=64)
        self.assertIn("leave out --name and --experiment", errors)


    def test_a_result_that_cannot_be_written_is_no_success(self):
        for arguments in (("zoo", "list"), ("zoo", "list", "--json"), ("doctor", "--store", self.store)):
            with self.subTest(arguments=arguments), open("/dev/full", "w") as full:
                done = subprocess.run(
                    [PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, env=environment())
                self.assertEqual(
                    (done.returncode, done.stderr), (1, "error: cannot write the result: No space left on device\n"))


class TrashTests(FolderTests):
    """What was deleted is freed, by hand or by the server."""

    def setUp(self):
        super().setUp()
        with Server(self.store) as server:
            self.run = server.json("/api/2.0/mlflow/runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
            server.json("/api/2.0/mlflow/runs/log-metric",
                        {"run_id": self.run, "key": "loss", "value": 1, "timestamp": 1})
            server.put(f"/api/2.0/mlflow-artifacts/artifacts/0/{self.run}/artifacts/a.txt", b"some bytes")
            server.json("/api/2.0/mlflow/runs/delete", {"run_id": self.run})

    def blobs(self):
        return [name for _, _, names in os.walk(os.path.join(self.store, "blobs")) for name in names]

    def ask(self, *arguments):
        return aviary("gc", *arguments, "--store", self.store)[0].strip()

    def test_it_is_freed_once_it_was_there_for_long_enough(self):
        self.assertEqual(self.ask("--dry-run"), 
            "would free 0 experiments, 0 runs, 0 logged models and 0 files of 0.0 MiB")
        self.assertEqual(
            self.ask(), "freed 0 experiments, 0 runs, 0 logged models and 0 files; 0 blobs of 0.0 MiB")
        self.assertEqual(
            self.ask("--older-than", "0s", "--dry-run"),
            "would free 0 experiments, 1 run, 0 logged models and 1 file of 0.0 MiB")
        self.assertEqual(len(self.blobs()), 1)
        self.assertEqual(
            json.loads(self.ask("--older-than", "0s", "--json")),
            {"experiments": 0, "runs": 1, "logged_models": 0, "files": 1, "blobs": 1, "blob_bytes": 10})
        self.assertEqual(self.blobs(), [])
        self.assertEqual(asked(self.store, "SELECT count(*) FROM run"), [(0,)])

    def test_the_server_frees_it_too(self):
        with Server(self.store, "--trash-retention", "never"):
            time.sleep(0.5)
            self.assertEqual(asked(self.store, "SELECT count(*) FROM run"), [(1,)])
        with Server(self.store, "--trash-retention", "0s"):
            eventually(lambda: asked(self.store, "SELECT count(*) FROM run") == [(0,)])
            eventually(lambda: self.blobs() == [])

    def test_a_duration_that_is_none_is_refused(self):
        for command, option in (("gc", "--older-than"), ("serve", "--trash-retention")):
            for text in ("30", "a month", "-1d", "30d 1h"):
                with self.subTest(command=command, text=text):
                    _, errors = aviary(command, f"{option}={text}", "--store", self.store, status=64)
                    self.assertIn(f"'{text}' is no duration such as 12h, 30d or 4w", errors)


class FolderOfPicturesTests(FolderTests):
    """A data set of one's own: a folder of pictures for each class."""

    TRAIN = ("train", "mlp-fashion-mnist", "--set", "data.dataset=folder", "--set", "training.epochs=1")

    def pictures(self, name, **counts):
        for label, count in counts.items():
            os.makedirs(os.path.join(self.folder, name, label))
            for index in range(count):
                row = bytes([0] + [index * 7 % 256] * 28)
                write_png(os.path.join(self.folder, name, label, f"{index}.png"), 28, 1, row * 28)
        return os.path.join(self.folder, name)

    def test_too_few_pictures_are_refused_before_there_is_a_run(self):
        folder = self.pictures("few", wren=5, kestrel=2)
        line = complaint(*self.TRAIN, "--data", folder, "--store", self.store)
        self.assertIn(f"class 'kestrel' of {folder} has 2 pictures", line)
        self.assertFalse(os.path.exists(self.store))

    def test_a_model_is_not_measured_on_other_classes(self):
        aviary(*self.TRAIN, "--data", self.pictures("two", wren=12, kestrel=12), "--store", self.store)
        weights = os.path.join(self.folder, "two.safetensors")
        database = sqlite3.connect(f"file:{self.store}/aviary.db?mode=ro", uri=True)
        (sha256,), = database.execute("SELECT sha256 FROM artifact WHERE path LIKE '%/artifacts/model/weights.safetensors'")
        database.close()
        os.link(f"{self.store}/blobs/{sha256[:2]}/{sha256}", weights)
        line = complaint("evaluate", weights, "--data", self.pictures("three", wren=3, kestrel=3, robin=3))
        self.assertIn("the model tells kestrel, wren apart, and the images are of kestrel, robin, wren", line)
        answer = json.loads(aviary("evaluate", weights, "--data", os.path.join(self.folder, "two"), "--json")[0])
        self.assertIn("test/accuracy", answer["metrics"])


class EndingTests(FolderTests):
    def test_a_closed_terminal_ends_a_training_with_a_checkpoint(self):
        process = started("train", "mlp-fashion-mnist", "--store", self.store)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        eventually(lambda: os.path.exists(f"{self.store}/aviary.db") and self.has_begun())
        process.send_signal(signal.SIGHUP)
        self.assertEqual(process.wait(timeout=60), 130)
        run, = runs(self.store)
        self.assertEqual(run["status"], "KILLED")
        self.assertTrue(os.path.exists(f"{self.store}/checkpoints/{run['id']}.safetensors"))

    def test_a_run_that_cannot_begin_has_failed(self):
        os.makedirs(self.store)
        open(f"{self.store}/checkpoints", "w").close()
        line = complaint("train", "mlp-fashion-mnist", "--store", self.store)
        self.assertIn("checkpoints", line)
        self.assertEqual([run["status"] for run in runs(self.store)], ["FAILED"])

    def test_a_training_goes_on_when_nobody_reads_what_it_says(self):
        process = started("train", "mlp-fashion-mnist", "--set", "training.epochs=1", "--store", self.store)
        process.stdout.close()
        process.stderr.close()
        self.addCleanup(process.kill)
        self.assertEqual(process.wait(timeout=120), 0)
        self.assertEqual(runs(self.store)[0]["status"], "FINISHED")

    def test_serve_ends_at_once_and_cleanly_although_somebody_listens(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number), Server(self.store) as server:
                with urllib.request.urlopen(server.base + "/api/v1/events", timeout=20) as events:
                    self.assertRegex(events.readline(), rb"^id: \d+")
                    begin = time.monotonic()
                    server.process.send_signal(number)
                    self.assertEqual(server.process.wait(timeout=20), 0)
                    self.assertLess(time.monotonic() - begin, 5)
                self.assertEqual(server.process.stdout.read(), "", "it had something to say at its end")

    def test_train_hears_an_interrupt_as_soon_as_it_has_named_its_run(self):
        # The moment between making the run and training is short: three looks for it.
        for attempt in range(3):
            store = f"{self.store}-{attempt}"
            process = started("train", "mlp-fashion-mnist", "--store", store)
            self.addCleanup(process.communicate)
            self.addCleanup(process.kill)
            self.assertRegex(process.stderr.readline(), "^run [0-9a-f]{32} in ")
            process.send_signal(signal.SIGINT)
            eventually(lambda: process.poll() is not None, seconds=60)
            with self.subTest(attempt=attempt):
                self.assertEqual((runs(store)[0]["status"], process.returncode), ("KILLED", 130))

    def test_demo_records_real_trainings_until_it_is_interrupted(self):
        process = started("demo", "--store", self.store)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        eventually(self.is_training_the_second, seconds=120)
        process.send_signal(signal.SIGINT)
        eventually(lambda: process.poll() is not None, seconds=20)
        self.assertEqual(process.returncode, 130)
        second, first = runs(self.store)
        self.assertEqual({first["experiment"], second["experiment"]}, {"demo"})
        self.assertEqual((first["status"], second["status"]), ("FINISHED", "KILLED"))
        self.assertNotEqual(first["name"], second["name"])
        self.assertGreater(first["metrics"]["test/accuracy"]["last"], 0.8)

    def has_begun(self):
        return any("train/loss" in run["metrics"] for run in runs(self.store))

    def is_training_the_second(self):
        found = runs(self.store) if os.path.exists(f"{self.store}/aviary.db") else []
        return len(found) == 2 and "train/loss" in found[0]["metrics"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
