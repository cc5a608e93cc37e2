"""What goes wrong from outside: killed processes, a full disk, damaged files. Nothing acknowledged may be lost."""
import gzip
import hashlib
import http.server
import json
import os
import pwd
import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

from program import (
    PROGRAM, FolderTests, Server, asked, aviary, complaint, environment, eventually, recorded_steps, runs, started)

MODEL = "resnet8-fashion-mnist"
DATA = "/usr/share/datasets/fashion-mnist"
RECIPE = "mlp-fashion-mnist"
EACH_STEP = ["train/accuracy", "train/learning_rate", "train/loss"]

killed_trainer = None


def setUpModule():
    # First of all: its run may take a minute to be stale, and the other tests fill it.
    global killed_trainer
    killed_trainer = KilledTrainer()


def tearDownModule():
    killed_trainer.end()


def settings(**changes):
    """`--set training.epochs=1` and so on; `batch_size` becomes `training.batch-size`, `hidden` the model's."""
    found = []
    for name, value in changes.items():
        section = "model" if name == "hidden" else "training"
        found += ["--set", f"{section}.{name.replace('_', '-')}={value}"]
    return found


def is_whole(store):
    return asked(store, "PRAGMA integrity_check") == [("ok",)]


def last_step(run):
    return run["metrics"].get("train/loss", {"step": -1})["step"]


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def files_in(folder):
    return sorted(os.path.join(place, name) for place, _, names in os.walk(folder) for name in names)


def change_byte(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset)
        old = file.read(1)
        file.seek(offset)
        file.write(bytes([old[0] ^ 0x55]))


class KilledTrainer:
    """A trainer of small steps, killed with -9 in their midst, and when its run was first seen to be stale."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.store = os.path.join(self.folder.name, "store")
        self.torn, self.run, self.was_whole, self.stale_after, self.failure = [], None, None, {}, None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.live, daemon=True)
        self.thread.start()

    def live(self):
        try:
            self.train_and_be_killed()
            self.watch()
        except BaseException as failure:  # noqa: raised again by whoever waits
            self.failure = failure

    def train_and_be_killed(self):
        process = started(
            "train", RECIPE, *settings(epochs=100, batch_size=1, hidden=1, checkpoint_every_steps=500),
            "--store", self.store)
        try:
            eventually(lambda: os.path.exists(f"{self.store}/aviary.db") and runs(self.store))
            eventually(lambda: last_step(runs(self.store)[0]) > 1000)
            self.look_for_torn_steps(seconds=1.5)
        finally:
            process.kill()
            process.communicate()
        self.killed_at = time.monotonic()
        self.was_whole = is_whole(self.store)
        self.run = runs(self.store)[0]

    def look_for_torn_steps(self, seconds):
        """Looks again and again whether a step's values are there without each other."""
        database = sqlite3.connect(f"file:{self.store}/aviary.db?mode=ro", uri=True)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            last = dict(database.execute(
                "SELECT series.key, latest.step FROM latest JOIN series ON series.id = latest.series "
                "WHERE series.key LIKE 'train/%'"))
            if len(set(last.values())) > 1:
                self.torn.append(last)
            time.sleep(0.001)
        database.close()

    def watch(self):
        with Server(self.store) as server:
            while len(self.stale_after) < 2 and not self.over.wait(0.5):
                self.note("runs list", runs(self.store))
                self.note("/api/v1/runs", server.json("/api/v1/runs")["runs"])

    def note(self, place, found):
        if found[0]["stale"]:
            self.stale_after.setdefault(place, round(time.monotonic() - self.killed_at, 1))

    def wait(self, condition, seconds):
        eventually(lambda: self.failure or condition(), seconds)
        if self.failure:
            raise self.failure

    def end(self):
        self.over.set()
        self.thread.join()
        self.folder.cleanup()


class KilledTrainerTests(unittest.TestCase):
    def setUp(self):
        killed_trainer.wait(lambda: killed_trainer.run, seconds=120)

    def test_the_store_is_whole(self):
        self.assertTrue(killed_trainer.was_whole)
        self.assertTrue(is_whole(killed_trainer.store))

    def test_a_step_is_there_with_all_its_values_or_not_at_all(self):
        steps = recorded_steps(killed_trainer.store, killed_trainer.run["id"])
        counts = {key: len(steps[key]) for key in EACH_STEP}
        self.assertEqual(len(set(counts.values())), 1, counts)
        for key in EACH_STEP:
            self.assertEqual(steps[key], list(range(len(steps[key]))), key)
        self.assertEqual(killed_trainer.torn[:1], [], f"{len(killed_trainer.torn)} looks found a part of a step")

    def test_the_run_is_stale_within_a_minute_for_the_command_line_and_the_server(self):
        self.assertEqual((killed_trainer.run["status"], killed_trainer.run["stale"]), ("RUNNING", False))
        killed_trainer.wait(lambda: len(killed_trainer.stale_after) == 2, seconds=75)
        print(f"after {killed_trainer.stale_after} s", end=" ... ", flush=True)
        self.assertLessEqual(max(killed_trainer.stale_after.values()), 60, killed_trainer.stale_after)


class ConcurrentTrainersTests(FolderTests):
    def test_two_trainers_that_begin_a_store_together_lose_nothing(self):
        short = settings(epochs=2, batch_size=256)
        both = [
            started("train", RECIPE, *short, *settings(seed=seed), "--name", name, "--store", self.store)
            for seed, name in enumerate(["one", "other"])]
        for process in both:
            _, errors = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 0, errors)
            self.assertNotIn("error", errors)
        found = runs(self.store)
        self.assertEqual(sorted((run["name"], run["status"]) for run in found),
                         [("one", "FINISHED"), ("other", "FINISHED")])
        for run in found:
            steps = recorded_steps(self.store, run["id"])
            for key in EACH_STEP:
                self.assertEqual(steps[key], list(range(2 * 215)), f"{run['name']}: {key}")
            self.assertEqual(steps["validation/loss"], [214, 429])
            self.assertEqual(steps["test/accuracy"], [429])
        self.assertTrue(is_whole(self.store))


class SlowSource(http.server.ThreadingHTTPServer):
    """Stands before another Aviary, notes what it is asked, and passes the answers on as slowly as it is told."""

    daemon_threads = True

    def __init__(self, upstream):
        super().__init__(("127.0.0.1", 0), SlowAnswer)
        self.upstream, self.requests = upstream, []
        self.pause, self.limit, self.knows_ranges = 0.0, None, True
        self.base = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class SlowAnswer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        asked_range = self.headers.get("Range")
        self.server.requests.append((self.path, asked_range))
        request = urllib.request.Request(self.server.upstream + self.path)
        if asked_range and self.server.knows_ranges:
            request.add_header("Range", asked_range)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                self.pass_on(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                self.pass_on(refusal.status, refusal.headers, refusal.read())

    def pass_on(self, status, headers, body):
        self.send_response(status)
        for name in ("Content-Type", "Content-Length", "Content-Range", "Accept-Ranges", "ETag"):
            if headers[name]:
                self.send_header(name, headers[name])
        self.end_headers()
        try:
            for start in range(0, len(body[:self.server.limit]), 4096):
                self.wfile.write(body[:self.server.limit][start:start + 4096])
                time.sleep(self.server.pause)
        except ConnectionError:
            pass  # whoever asked was killed

    def log_message(self, *_):
        pass


class InterruptedPullTests(FolderTests):
    def setUp(self):
        super().setUp()
        self.entry = json.loads(aviary("zoo", "show", MODEL, "--json")[0])
        self.cache = os.path.join(self.folder, "cache")
        self.weights = os.path.join(self.cache, "aviary/zoo/weights", f"{MODEL}.safetensors")
        self.part = self.weights + ".part"
        self.path = f"/zoo/weights/{MODEL}.safetensors"
        server = self.enterContext(Server(self.store))
        self.whole = server.get(self.path)
        self.source = self.enterContext(SlowSource(server.base))
        self.assertEqual(len(self.whole), self.entry["bytes"])

    def pull(self):
        return aviary("zoo", "pull", MODEL, "--from", self.source.base, XDG_CACHE_HOME=self.cache)[0].strip()

    def received(self):
        return os.path.getsize(self.part) if os.path.exists(self.part) else 0

    def check_that_all_is_there(self):
        with open(self.weights, "rb") as file:
            self.assertTrue(file.read() == self.whole, "the file is not the source's")
        self.assertEqual(files_in(self.cache), [self.weights])

    def test_killed_half_way_it_goes_on_where_it_was(self):
        self.source.pause = 0.02
        process = started("zoo", "pull", MODEL, "--from", self.source.base, XDG_CACHE_HOME=self.cache)
        eventually(lambda: self.received() >= len(self.whole) // 2)
        process.kill()
        process.communicate()
        kept = self.received()
        self.assertLess(kept, len(self.whole))
        self.assertEqual(files_in(self.cache), [self.part])
        self.source.pause = 0
        self.assertEqual(self.pull(), self.weights)
        self.assertEqual(self.source.requests, [(self.path, None), (self.path, f"bytes={kept}-")])
        self.check_that_all_is_there()

    def test_a_source_that_breaks_off_is_one_line_and_the_next_pull_goes_on(self):
        self.source.limit = len(self.whole) // 2
        line = complaint("zoo", "pull", MODEL, "--from", self.source.base, XDG_CACHE_HOME=self.cache)
        self.assertIn(f"stopped after {self.source.limit} of {len(self.whole)} bytes", line)
        self.assertIn("run the same command again", line)
        self.source.limit = None
        self.pull()
        self.assertEqual(self.source.requests[1:], [(self.path, f"bytes={len(self.whole) // 2}-")])
        self.check_that_all_is_there()

    def test_the_beginning_of_another_file_is_forgotten(self):
        os.makedirs(os.path.dirname(self.part))
        with open(self.part, "wb") as file:
            file.write(bytes(1000))
        self.pull()
        self.assertEqual(self.source.requests, [(self.path, "bytes=1000-"), (self.path, None)])
        self.check_that_all_is_there()

    def test_a_source_that_knows_no_ranges_sends_it_whole(self):
        self.source.knows_ranges = False
        os.makedirs(os.path.dirname(self.part))
        with open(self.part, "wb") as file:
            file.write(self.whole[:1000])
        self.pull()
        self.assertEqual(self.source.requests, [(self.path, "bytes=1000-")])
        self.check_that_all_is_there()

    def test_what_is_there_already_is_not_asked_for_again(self):
        self.pull()
        self.pull()
        self.assertEqual(len(self.source.requests), 1)
        self.check_that_all_is_there()


class FullDiskTests(FolderTests):
    def disk(self, size):
        """A small disk of its own."""
        if os.geteuid() != 0:
            self.skipTest("only root may mount a small disk")
        place = os.path.join(self.folder, "disk")
        os.makedirs(place)
        mount = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place], capture_output=True, text=True)
        if mount.returncode != 0:
            self.skipTest(f"a small disk cannot be mounted here: {mount.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", place], check=True)
        return place

    def make_room(self, disk):
        subprocess.run(["mount", "-o", "remount,size=256m", disk], check=True)

    def train_until_full(self, store, *arguments):
        """Trains, and gives what the command said and the last step that could be read meanwhile."""
        process = started("train", RECIPE, *arguments, "--store", store)
        acknowledged = -1
        while process.poll() is None:
            if os.path.exists(f"{store}/aviary.db"):
                acknowledged = max([acknowledged, *map(last_step, runs(store))])
        output, errors = process.communicate()
        self.assertEqual((process.returncode, output), (1, ""), errors)
        return errors, acknowledged

    def check_one_clear_line(self, errors):
        said = [line for line in errors.splitlines() if not re.match(r"(run|step|epoch) ", line)]
        self.assertEqual(len(said), 1, said)
        self.assertTrue(said[0].startswith("error: "), said)
        self.assertIn("no space left", said[0].lower())
        self.assertIn("free some", said[0])

    def check_nothing_is_lost(self, store, acknowledged):
        self.assertTrue(is_whole(store))
        run = runs(store)[0]
        steps = recorded_steps(store, run["id"])
        self.assertGreater(acknowledged, 0)
        for key in EACH_STEP:
            self.assertGreaterEqual(steps[key][-1], acknowledged)
            self.assertEqual(steps[key], list(range(len(steps[key]))), key)

    def test_points_that_find_no_room(self):
        disk = self.disk("1m")
        store = f"{disk}/store"
        errors, acknowledged = self.train_until_full(
            store, *settings(epochs=1, batch_size=4, hidden=4, checkpoint_every_steps=1000))
        before = runs(store)
        self.make_room(disk)
        self.assertEqual(runs(store), before)
        self.check_nothing_is_lost(store, acknowledged)
        self.check_one_clear_line(errors)

    def test_a_checkpoint_that_finds_no_room_and_the_run_goes_on_after_room_was_made(self):
        disk = self.disk("2m")
        store = f"{disk}/store"
        short = settings(epochs=1, batch_size=64, checkpoint_every_steps=100)
        errors, acknowledged = self.train_until_full(store, *short)
        checkpoints = os.listdir(f"{store}/checkpoints")
        self.assertEqual([name for name in checkpoints if "tmp" in name], [], "a draft is left")
        self.make_room(disk)
        self.check_nothing_is_lost(store, acknowledged)
        run = runs(store)[0]
        self.assertEqual(run["status"], "FAILED")
        aviary("train", "--resume", run["id"], "--store", store)
        self.assertEqual(runs(store)[0]["status"], "FINISHED")
        steps = recorded_steps(store, run["id"])
        for key in EACH_STEP:
            self.assertEqual(steps[key], list(range(860)), key)
        self.check_one_clear_line(errors)

    def test_a_new_store_that_finds_no_room_is_not_half_made(self):
        disk = self.disk("64k")
        line = complaint("train", RECIPE, *settings(epochs=1), "--store", f"{disk}/store")
        self.assertIn("no space left", line)
        self.assertNotIn("aviary.db", os.listdir(f"{disk}/store"))
        self.make_room(disk)
        with Server(f"{disk}/store") as server:
            self.assertEqual(server.json("/api/v1/runs")["runs"], [])

    def test_weights_that_find_no_room(self):
        disk = self.disk("100k")
        with Server(self.store) as server:
            line = complaint("zoo", "pull", MODEL, "--from", server.base, XDG_CACHE_HOME=disk)
            self.assertIn("no space left", line)
            self.assertIn("free some and run the same command again", line)
            self.assertEqual([name for name in files_in(disk) if not name.endswith(".part")], [])
            self.make_room(disk)
            path = aviary("zoo", "pull", MODEL, "--from", server.base, XDG_CACHE_HOME=disk)[0].strip()
        self.assertEqual(digest(path), json.loads(aviary("zoo", "show", MODEL, "--json")[0])["sha256"])
        self.assertEqual(files_in(disk), [path])


class DamagedStoreTests(FolderTests):
    COMMANDS = [("runs", "list"), ("train", RECIPE, *settings(epochs=1)), ("serve", "--port", "0")]

    @classmethod
    def setUpClass(cls):
        cls.good = os.path.join(cls.enterClassContext(tempfile.TemporaryDirectory()), "store")
        aviary("train", RECIPE, *settings(epochs=1, batch_size=512), "--store", cls.good)
        # Everything into the main file, so that there is something in it to damage.
        sqlite3.connect(f"{cls.good}/aviary.db").execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()

    def setUp(self):
        super().setUp()
        shutil.copytree(self.good, self.store)
        self.file = os.path.join(self.store, "aviary.db")

    def check_refused_and_unchanged(self, text):
        before = digest(self.file)
        for command in self.COMMANDS:
            with self.subTest(command=command):
                line = complaint(*command, "--store", self.store)
                self.assertIn(self.store, line)
                self.assertIn(text, line)
                self.assertEqual(digest(self.file), before)

    def test_an_empty_file(self):
        os.truncate(self.file, 0)
        self.check_refused_and_unchanged("is damaged")

    def test_garbage(self):
        with open(self.file, "wb") as file:
            file.write(os.urandom(100_000))
        self.check_refused_and_unchanged("is not an Aviary store")

    def test_half_a_file(self):
        os.truncate(self.file, os.path.getsize(self.file) // 2)
        self.check_refused_and_unchanged("is damaged")

    def test_a_newer_schema(self):
        with sqlite3.connect(self.file) as database:
            database.execute("PRAGMA user_version = 999")
        database.close()
        self.check_refused_and_unchanged("has schema 999")
        self.assertEqual(sqlite3.connect(self.file).execute("PRAGMA user_version").fetchone(), (999,))

    def test_a_lost_file_is_not_taken_for_a_new_store(self):
        with open(f"{self.file}-wal", "wb") as log:
            log.write(bytes(4096))
        os.remove(self.file)
        for command in self.COMMANDS:
            with self.subTest(command=command):
                self.assertIn("aviary.db is gone", complaint(*command, "--store", self.store))
                self.assertFalse(os.path.exists(self.file))
        self.assertIn("aviary.db is gone", aviary("doctor", "--store", self.store, status=1)[0])

    def test_doctor_finds_damage_inside(self):
        pages = os.path.getsize(self.file) // 4096
        with open(self.file, "r+b") as file:
            for page in range(pages // 2, pages):
                file.seek(4096 * page)
                file.write(b"Z" * 4096)
        before = digest(self.file)
        output, errors = aviary("doctor", "--store", self.store, status=1)
        self.assertIn(self.store, output + errors)
        self.assertRegex(output + errors, "is damaged|(?s:check .*Page)")
        self.assertEqual(digest(self.file), before)

    def test_a_folder_that_may_not_be_entered(self):
        os.chmod(self.folder, 0o755)
        os.chmod(self.store, 0o000)
        self.addCleanup(os.chmod, self.store, 0o755)
        for command in self.COMMANDS:
            with self.subTest(command=command):
                line = self.as_stranger(*command, "--store", self.store)
                self.assertIn(self.store, line)
                self.assertIn("Permission denied", line)

    def as_stranger(self, *command):
        """The one line that somebody is told who has no rights here; root asks as `nobody`."""
        stranger = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        try:
            done = subprocess.run(
                [PROGRAM, *command], capture_output=True, text=True, timeout=120, cwd="/", env=environment(),
                user=stranger if os.geteuid() == 0 else None)
        except PermissionError:
            self.skipTest(f"{stranger} may not run {PROGRAM}")
        self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (1, "", 1), done.stderr)
        return done.stderr


class DamagedDataTests(FolderTests):
    def damaged(self, name):
        """A folder with the four files, of which this one is a copy of its own."""
        folder = os.path.join(self.folder, "data")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for each in os.listdir(DATA):
            os.symlink(f"{DATA}/{each}", f"{folder}/{each}")
        file = f"{folder}/{name}"
        os.remove(file)
        shutil.copy(f"{DATA}/{name}", file)
        return folder, file

    def check(self, folder, file, text):
        line = complaint("train", RECIPE, "--data", folder, "--store", self.store)
        self.assertIn(file, line)
        self.assertIn(text, line)
        self.assertFalse(os.path.exists(self.store), "there is a store although nothing was trained")

    def test_a_file_that_ends_too_early(self):
        for name in ("train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
            folder, file = self.damaged(name)
            os.truncate(file, os.path.getsize(file) // 2)
            self.check(folder, file, "ends too early")
            os.truncate(file, 0)
            self.check(folder, file, "ends too early")

    def test_a_changed_byte(self):
        folder, file = self.damaged("train-images-idx3-ubyte.gz")
        change_byte(file, 10_000_000)
        self.check(folder, file, "get it again")

    def test_a_changed_byte_in_a_plain_file(self):
        folder, file = self.damaged("train-labels-idx1-ubyte.gz")
        plain = file.removesuffix(".gz")
        with gzip.open(file) as source, open(plain, "wb") as copy:
            content = bytearray(source.read())
            content[5000] = (content[5000] + 1) % 10  # a label, but a wrong one
            copy.write(content)
        os.remove(file)
        self.check(folder, plain, "does not hold the published data")

    def test_the_labels_of_other_pictures(self):
        folder, file = self.damaged("train-labels-idx1-ubyte.gz")
        shutil.copy(f"{DATA}/t10k-labels-idx1-ubyte.gz", file)
        self.check(folder, file, "does not hold the published data")

    def test_a_missing_file(self):
        folder, file = self.damaged("t10k-images-idx3-ubyte.gz")
        os.remove(file)
        self.check(folder, file, "dataset-fashion-mnist")


class DamagedRecipeTests(FolderTests):
    GOOD = """\
name: mine
data:
  dataset: fashion-mnist
model:
  family: mlp
training:
  epochs: 1
  learning-rate: 0.2
"""

    def refusal(self, content):
        file = os.path.join(self.folder, "mine.yml")
        with open(file, "wb") as recipe:
            recipe.write(content if isinstance(content, bytes) else content.encode())
        line = complaint("train", file, "--store", self.store)
        self.assertFalse(os.path.exists(self.store), "there is a store although nothing was trained")
        return line

    def test_the_key_is_named_with_what_was_given_and_what_would_fit(self):
        cases = [
            ("learning-rate", "learning-rat", ["training.learning-rat'", "'training.learning-rate'"]),
            ("epochs: 1", "epochs: ten", ["training.epochs", "ten", "whole number"]),
            ("epochs: 1", "epochs: 1.5", ["training.epochs", "1.5", "whole number"]),
            ("epochs: 1", "epochs: [1]", ["training.epochs", "a list", "whole number"]),
            ("epochs: 1", "epochs: -1", ["training.epochs", "-1", "1...100000"]),
            ("rate: 0.2", "rate: high", ["training.learning-rate", "high", "a number"]),
            ("family: mlp", "family: mpl", ["model.family", "mpl", "mlp, resnet"]),
            ("family: mlp", "family: mlp\n  depth: 8", ["model.depth"]),
            ("family: mlp", "family: patch-encoder\n  heads: 3", ["model.heads", "'3'", "1, 2, 4"]),
            ("family: mlp", "family: patch-encoder\n  patch: 5", ["model.patch", "is 5", "28 rows"]),
            ("dataset: fashion-mnist", "dataset: mnist", ["data.dataset", "mnist", "fashion-mnist"]),
            ("  epochs: 1\n", "", ["training.epochs", "missing"]),
            ("  epochs: 1\n", "  epochs: 1\n  epochs: 2\n", ["epochs", "twice"]),
        ]
        for old, new, texts in cases:
            with self.subTest(new=new):
                self.assertIn(old, self.GOOD)
                line = self.refusal(self.GOOD.replace(old, new))
                for text in texts:
                    self.assertIn(text, line)

    def test_what_is_no_recipe_at_all(self):
        for content in (b"", b"just a text\n", b"training: [\n", b"\x80\xff\xfe" * 100):
            with self.subTest(content=content[:20]):
                line = self.refusal(content)
                self.assertIn("mine.yml", line)

    def test_a_folder_in_its_place(self):
        line = complaint("train", self.folder, "--store", self.store)
        self.assertIn(self.folder, line)
        self.assertNotIn("NSCocoaErrorDomain", line)


class DamagedCheckpointTests(FolderTests):
    @classmethod
    def setUpClass(cls):
        cls.killed = os.path.join(cls.enterClassContext(tempfile.TemporaryDirectory()), "store")
        process = started(
            "train", RECIPE, *settings(epochs=2, batch_size=64, checkpoint_every_steps=50),
            "--store", cls.killed)
        checkpoints = f"{cls.killed}/checkpoints"
        eventually(lambda: os.path.isdir(checkpoints) and any(
            name.endswith(".safetensors") for name in os.listdir(checkpoints)))
        process.kill()
        process.communicate()
        cls.run_id = runs(cls.killed)[0]["id"]

    def setUp(self):
        super().setUp()
        shutil.copytree(self.killed, self.store)
        self.file = f"{self.store}/checkpoints/{self.run_id}.safetensors"

    def check_refused(self, *texts):
        before = recorded_steps(self.store, self.run_id)
        line = complaint("train", "--resume", self.run_id, "--store", self.store)
        for text in (self.run_id, *texts):
            self.assertIn(text, line)
        self.assertEqual(recorded_steps(self.store, self.run_id), before)
        self.assertEqual(runs(self.store)[0]["status"], "RUNNING")

    def test_one_that_ends_too_early(self):
        for size in (os.path.getsize(self.file) // 2, 100, 4, 0):
            os.truncate(self.file, size)
            self.check_refused("not a whole safetensors file")

    def test_garbage(self):
        with open(self.file, "r+b") as file:
            file.write(os.urandom(5000))
        self.check_refused("not a whole safetensors file")

    def test_weights_without_a_training(self):
        weights = aviary("zoo", "verify", MODEL)[0].strip().split("\t")[2]
        shutil.copy(weights, self.file)
        self.check_refused("cannot be resumed")

    def test_a_lost_one(self):
        os.remove(self.file)
        self.check_refused("train it anew")

    def test_one_changed_byte(self):
        # Gone on from, it would be another training than the one that was interrupted, and nobody would know.
        change_byte(self.file, os.path.getsize(self.file) // 2)
        self.check_refused()


if __name__ == "__main__":
    unittest.main(verbosity=2)
