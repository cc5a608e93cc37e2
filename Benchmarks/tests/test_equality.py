"""Whether the comparison finds what differs: each case is one change to numbers that are equal."""
import array
import json
import math
import os
import tempfile
import unittest

from comparison import equality, tensors


def write(path, named):
    """A safetensors file of f32 tensors."""
    header, body = {}, b""
    for name, (shape, numbers) in named.items():
        raw = array.array("f", numbers).tobytes()
        header[name] = dict(dtype="F32", shape=shape, data_offsets=[len(body), len(body) + len(raw)])
        body += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + body)


class EqualityTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.paths = [os.path.join(folder.name, name) for name in ("own", "peer")]
        self.gradients = {"gradient/weight": ([2, 2], [1.0, -2.0, 3.0, 0.5]), "gradient/bias": ([2], [0.25, 4.0])}

    def differences(self, variant="f32", losses=None, gradients=None, kind="train"):
        usual = [2.0 - step / 100 for step in range(equality.STEPS)]
        for path, named in zip(self.paths, (gradients or self.gradients, self.gradients)):
            write(path, named)
        rows = [
            dict(variant=variant, kind=kind, losses=found, tensors=path)
            for found, path in zip((usual if losses is None else losses, usual), self.paths)]
        return equality.differences(*rows)

    def changed_losses(self, step, factor):
        return [2.0 - at / 100 if at != step else (2.0 - at / 100) * factor for at in range(equality.STEPS)]

    def changed_bias(self, numbers, shape=(2,)):
        return self.gradients | {"gradient/bias": (list(shape), numbers)}

    def test_equal_numbers_differ_in_nothing(self):
        self.assertEqual(self.differences(), [])

    def test_the_first_loss_is_held_closer_than_the_others(self):
        self.assertEqual(len(self.differences(losses=self.changed_losses(0, 1 + 2e-5))), 1)
        self.assertEqual(self.differences(losses=self.changed_losses(7, 1 + 2e-5)), [])
        self.assertIn("step 7", self.differences(losses=self.changed_losses(7, 1 + 2e-3))[0])

    def test_bf16_is_allowed_more(self):
        self.assertEqual(self.differences("bf16", self.changed_losses(0, 1.005)), [])
        self.assertEqual(len(self.differences("bf16", self.changed_losses(0, 1.02))), 1)
        self.assertEqual(self.differences("bf16-b1", gradients=self.changed_bias([0.25, 4.1])), [])
        self.assertEqual(len(self.differences("bf16", gradients=self.changed_bias([0.25, 4.3]))), 1)

    def test_losses_that_are_no_numbers_or_too_few_differ(self):
        self.assertIn("nan", self.differences(losses=self.changed_losses(3, math.nan))[0])
        self.assertIn("19 losses", self.differences(losses=self.changed_losses(0, 1)[:-1])[0])
        self.assertEqual(self.differences(losses=[], kind="infer"), [])

    def test_a_gradient_that_differs_is_named(self):
        found = self.differences(gradients=self.changed_bias([0.25, 4.01]))
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith("gradient/bias: 0.01 apart"), found)
        self.assertIn("gradient/bias", self.differences(gradients=self.changed_bias([0.25, math.nan]))[0])

    def test_names_and_shapes_must_be_the_same(self):
        lacking = {"gradient/weight": self.gradients["gradient/weight"]}
        self.assertEqual(self.differences(gradients=lacking), ["gradient/bias: only the peer has it"])
        more = self.gradients | {"gradient/more": ([1], [0.0])}
        self.assertEqual(self.differences(gradients=more), ["gradient/more: only Aviary has it"])
        turned = self.changed_bias([0.25, 4.0], shape=(1, 2))
        self.assertEqual(self.differences(gradients=turned), ["gradient/bias: shape [1, 2] against [2]"])

    def test_norms_of_more_numbers_than_a_stretch(self):
        count = tensors.STRETCH + 3
        left, right = array.array("f", [2.0] * count), array.array("f", [5.0] * count)
        self.assertAlmostEqual(tensors.distance(left, right), 3 * math.sqrt(count))
        self.assertAlmostEqual(tensors.norm(left), 2 * math.sqrt(count))


if __name__ == "__main__":
    unittest.main()
