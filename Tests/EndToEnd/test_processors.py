"""The same recipes on a processor with fewer instructions: slower, with the same results within tolerance."""
import struct
import unittest

from example_own_model import write_images
from program import FolderTests, aviary, asked, runs

RECIPE = """\
name: small
summary: A few steps of a small ResNet on three classes
data:
  dataset: folder
model:
  family: resnet
  depth: 8
training:
  epochs: 2
  batch-size: 32
  seed: 0
  learning-rate: 0.02
"""

# What is left to oneDNN's kernels, and to our own.
LEVELS = {
    "AVX2": {"ONEDNN_MAX_CPU_ISA": "AVX2", "AVIARY_MAX_ISA": "avx2"},
    "SSE 4.1": {"ONEDNN_MAX_CPU_ISA": "SSE41", "AVIARY_MAX_ISA": "base"},
}


class ProcessorTests(FolderTests):
    def setUp(self):
        super().setUp()
        write_images(f"{self.folder}/images", 1000)
        self.recipe = f"{self.folder}/small.yml"
        with open(self.recipe, "w", encoding="utf-8") as file:
            file.write(RECIPE)

    def losses(self, name, precision, **switches):
        """The loss of each step of a short training."""
        aviary(
            "train", self.recipe, "--name", name, "--data", f"{self.folder}/images", "--set",
            f"training.precision={precision}", "--store", self.store, **switches)
        run = next(run for run in runs(self.store) if run["name"] == name)
        rows = asked(
            self.store, "SELECT point.bits FROM point JOIN series ON series.id = point.series "
            "JOIN run ON run.id = series.run WHERE run.uuid = ? AND series.key = 'train/loss' ORDER BY point.step",
            run["id"])
        return [struct.unpack("<d", struct.pack("<q", bits))[0] for bits, in rows]

    def test_fewer_instructions_give_the_same_losses(self):
        # The losses of the first steps, before the last bits have grown: single precision sums in another order, and
        # bf16 rounds each activation to three digits.
        for precision, tolerance in (("f32", 1e-4), ("bf16", 2e-2)):
            best = self.losses(precision, precision)
            self.assertGreater(len(best), 8)
            self.assertLess(best[-1], best[0])
            for level, switches in LEVELS.items():
                with self.subTest(precision=precision, level=level):
                    losses = self.losses(f"{precision} {level}", precision, **switches)
                    self.assertEqual(len(losses), len(best))
                    for step in range(6):
                        self.assertLess(abs(losses[step] - best[step]), tolerance * best[step], f"step {step}")

    def test_a_level_that_there_is_not_is_refused(self):
        output, errors = aviary("doctor", status=64, AVIARY_MAX_ISA="avx1024")
        self.assertEqual(output, "")
        self.assertEqual(
            errors, "aviary: AVIARY_MAX_ISA=avx1024: takes base, avx2, avx512 or avx512_bf16\n")


if __name__ == "__main__":
    unittest.main()
