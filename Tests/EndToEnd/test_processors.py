"""The same recipes on a processor with fewer instructions: slower, with the same results within tolerance."""
import glob
import itertools
import signal
import struct
import tempfile
import unittest

from example_own_model import write_images
from program import (
    FolderTests, Server, asked, aviary, damaged_checkpoint, eventually, recorded_steps, runs, started)

RECIPE = """\
name: small
summary: A few steps of a small model on three classes
data:
  dataset: folder
model:
{model}
training:
  epochs: 2
  batch-size: 32
  seed: 0
  learning-rate: {rate}
  optimizer:
    kind: {optimizer}
"""

RECIPES = {
    "ResNet": RECIPE.format(model="  family: resnet\n  depth: 8", rate=0.02, optimizer="sgd"),
    "encoder": RECIPE.format(
        model="  family: patch-encoder\n  patch: 4\n  layers: 2\n  width: 64\n  heads: 2\n  hidden: 128\n  dropout: 0.1",
        rate=0.0005, optimizer="adam"),
}

# What is left to oneDNN's kernels, to our own, and to OpenBLAS.
LEVELS = {
    "bf16 without AMX": {"ONEDNN_MAX_CPU_ISA": "AVX512_CORE_BF16"},
    "AVX-512 without bf16": {"ONEDNN_MAX_CPU_ISA": "AVX512_CORE", "AVIARY_MAX_ISA": "avx512"},
    "AVX2": {"ONEDNN_MAX_CPU_ISA": "AVX2", "AVIARY_MAX_ISA": "avx2", "OPENBLAS_CORETYPE": "Haswell"},
    "SSE 4.1": {"ONEDNN_MAX_CPU_ISA": "SSE41", "AVIARY_MAX_ISA": "base", "OPENBLAS_CORETYPE": "Nehalem"},
}


class ProcessorTests(FolderTests):
    def setUp(self):
        super().setUp()
        write_images(f"{self.folder}/images", 1000)

    def losses(self, name, recipe, precision, **switches):
        """The loss of each step of a short training."""
        path = f"{self.folder}/small.yml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(RECIPES[recipe])
        aviary(
            "train", path, "--name", name, "--data", f"{self.folder}/images", "--set",
            f"training.precision={precision}", "--store", self.store, **switches)
        run = next(run for run in runs(self.store) if run["name"] == name)
        rows = asked(
            self.store, "SELECT point.bits FROM point JOIN series ON series.id = point.series "
            "JOIN run ON run.id = series.run WHERE run.uuid = ? AND series.key = 'train/loss' ORDER BY point.step",
            run["id"])
        return [struct.unpack("<d", struct.pack("<q", bits))[0] for bits, in rows]

    def test_fewer_instructions_give_the_same_losses(self):
        # The losses of the first steps, before the last bits have grown. Single precision sums in another order, by which
        # a ReLU comes to lie on the other side of 0 after some steps: 2e-5 to 1e-4 of the loss were seen from the fifth
        # on, 7e-7 before. bf16 rounds each activation to three digits.
        for recipe, precision in itertools.product(RECIPES, ("f32", "bf16")):
            tolerances = [1e-5] * 4 + [1e-3] * 2 if precision == "f32" else [2e-2] * 6
            best = self.losses(f"{recipe} {precision}", recipe, precision)
            self.assertGreater(len(best), 8)
            self.assertLess(best[-1], best[0])
            for level, switches in LEVELS.items():
                with self.subTest(recipe=recipe, precision=precision, level=level):
                    losses = self.losses(f"{recipe} {precision} {level}", recipe, precision, **switches)
                    self.assertEqual(len(losses), len(best))
                    for step, tolerance in enumerate(tolerances):
                        self.assertLess(abs(losses[step] - best[step]), tolerance * best[step], f"step {step}")

    def test_a_kernel_of_the_checkpoint_that_there_is_not_is_told_and_another_taken(self):
        path = f"{self.folder}/small.yml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(RECIPES["ResNet"].replace("epochs: 2", "epochs: 12"))
        process = started("train", path, "--data", f"{self.folder}/images", "--store", self.store)
        eventually(lambda: glob.glob(f"{self.store}/checkpoints/*.safetensors"))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        run = runs(self.store)[0]["id"]

        def gone(header):
            lines = header["__metadata__"]["kernels"].splitlines()
            self.assertGreater(len(lines), 4)
            header["__metadata__"]["kernels"] = "".join(line.split("\t")[0] + "\tgone\n" for line in lines)

        with damaged_checkpoint(self.store, run, gone):
            aviary("train", "--resume", run, "--store", self.store)
        with Server(self.store) as server:
            console = server.get(f"/api/v1/runs/{run}/artifacts/logs/console.log").decode()
        self.assertIn("warning: kernel gone of the checkpoint is not to be had here, the fastest is taken: ", console)
        steps = recorded_steps(self.store, run)["train/loss"]
        self.assertEqual(steps, sorted(set(steps)))

    def test_a_level_that_there_is_not_is_refused(self):
        output, errors = aviary("doctor", status=64, AVIARY_MAX_ISA="avx1024")
        self.assertEqual(output, "")
        self.assertEqual(
            errors, "aviary: AVIARY_MAX_ISA=avx1024: takes base, avx2, avx512 or avx512_bf16\n")

    def test_an_allocator_that_there_is_not_is_refused(self):
        path = f"{self.folder}/allocator.yml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(RECIPES["ResNet"])
        _, errors = aviary(
            "train", path, "--data", f"{self.folder}/images", "--store", self.store, status=64,
            AVIARY_ALLOCATOR="sytem")
        # The run is there by then: the first tensor comes after it.
        self.assertEqual(errors.splitlines()[-1], "aviary: AVIARY_ALLOCATOR=sytem: takes system")

    def test_choices_that_cannot_be_kept_are_told_in_the_run(self):
        path = f"{self.folder}/unkept.yml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(RECIPES["ResNet"])
        # A file where the folder would be: nobody, not even root, writes below it.
        with tempfile.NamedTemporaryFile() as cache:
            aviary(
                "train", path, "--data", f"{self.folder}/images", "--store", self.store, "--name", "unkept",
                XDG_CACHE_HOME=cache.name)
        [run] = [run for run in runs(self.store) if run["name"] == "unkept"]
        with Server(self.store) as server:
            console = server.get(f"/api/v1/runs/{run['id']}/artifacts/logs/console.log").decode()
        self.assertIn("warning: kernels are timed anew by each program: ", console)


if __name__ == "__main__":
    unittest.main()
