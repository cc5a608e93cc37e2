"""Whether ratios are of the right medians."""
import unittest

from comparison import table
from comparison.programs import Key


def row(configuration, median, least=None, peak=100.0, peer="torch 2"):
    return dict(
        peer=peer, configuration=configuration, median_ms=median, min_ms=median if least is None else least,
        peak_mb=peak)


LIMITS = [
    dict(f32_gflops=200.0, bf16_gflops=400.0, gigabytes_per_second=40.0),
    dict(f32_gflops=100.0, bf16_gflops=500.0, gigabytes_per_second=50.0),
]
WORK = dict(multiply_adds=1e9, optimizer_bytes=1e8)


class TableTests(unittest.TestCase):
    def test_the_best_peer_is_that_of_the_least_median_over_all_rounds(self):
        rows = [row("nchw", 30), row("nhwc", 20), row("nchw", 10), row("nhwc", 20), row("nchw", 30), row("nhwc", 22)]
        self.assertEqual({found["configuration"] for found in table.best_peer(rows)}, {"nhwc"})

    def test_a_configuration_that_left_after_the_first_round_is_not_the_best(self):
        rows = [row("compiled", 1), row("eager", 2), row("eager", 3)]
        self.assertEqual({found["configuration"] for found in table.best_peer(rows)}, {"eager"})

    def test_a_line_has_the_ratio_of_medians(self):
        own = [row("aviary", 10, peak=50.0), row("aviary", 40, peak=50.0), row("aviary", 20, peak=60.0)]
        others = [row("eager", 60, 45), row("eager", 30, 25), row("eager", 50, 48)]
        line = table.line(Key("two-tower", "dense-adam", "train"), own, others, WORK, LIMITS)
        self.assertEqual((line["aviary_ms"], line["peer_ms"], line["ratio"]), (20, 50, 2.5))
        self.assertEqual(line["ratio_to_minimum"], 1.25)
        self.assertEqual(line["memory_ratio"], 0.5)

    def test_memory_is_compared_with_the_thriftiest_configuration(self):
        own = [row("aviary", 10, peak=90.0)]
        others = [row("compiled", 20, peak=300.0), row("eager", 30, peak=100.0)]
        line = table.line(Key("mlp-784", "f32", "train"), own, others, WORK, LIMITS)
        self.assertEqual((line["configuration"], line["peer_mb"], line["memory_ratio"]), ("compiled", 100.0, 0.9))

    def test_the_limit_is_of_the_best_that_the_machine_showed(self):
        # 2e9 operations at 200 GFLOP/s are 10 ms, at 500 they are 4; 1e8 bytes at 50 GB/s are 2 ms.
        self.assertAlmostEqual(table.limit_ms(WORK, "f32", LIMITS), 12)
        self.assertAlmostEqual(table.limit_ms(WORK, "bf16-b1", LIMITS), 6)

    def test_every_line_of_the_table_has_every_column(self):
        line = table.line(Key("mlp-784", "f32", "train"), [row("aviary", 1)], [row("eager", 2)], WORK, LIMITS)
        lines = [table.cells(line), table.without_ratio(Key("bert-mini", "f32", "train"), "no ratio")]
        written = table.markdown(lines).splitlines()
        self.assertEqual({text.count("|") for text in written}, {len(table.HEADINGS) + 1})
        self.assertEqual(len({len(text) for text in written}), 1)


if __name__ == "__main__":
    unittest.main()
