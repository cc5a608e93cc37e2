import assert from "node:assert/strict";
import { test } from "node:test";
import { flameBars, flameMove } from "../charts/flame.js";
import { figuresText, readProfile } from "../text/profile.js";

const figures = (/** @type {number} */ nanoseconds, more = {}) => ({
  calls: 1,
  nanoseconds,
  flops: 0,
  bytes: 0,
  reorders: 0,
  flopsPerSecond: 0,
  share: 0,
  ...more,
});

/** A convolution of 8 ms, its norm of 2 ms, and an optimizer of 1 ms. */
const written = () => ({
  version: 1,
  steps: 5,
  step: { nanoseconds: 20_000_000, leastNanoseconds: 19_000_000 },
  limit: { f32FlopsPerSecond: 2e11, bf16FlopsPerSecond: 4e11, bytesPerSecond: 3e10 },
  rows: [
    { operation: "convolution", layer: "conv", kind: "Convolution", phase: "backward", ...figures(5e6) },
    { operation: "convolution", layer: "conv", kind: "Convolution", phase: "forward", ...figures(2e6) },
    { operation: "relu", layer: "conv", kind: "Convolution", phase: "forward", ...figures(1e6) },
    { operation: "batch norm", layer: "norm", kind: "BatchNorm", phase: "forward", ...figures(2e6) },
    { operation: "optimizer step", layer: "(optimizer)", kind: null, phase: "update", ...figures(1e6) },
  ],
  operations: [{ name: "convolution", kind: null, ...figures(7e6) }],
  layers: [
    {
      name: "conv",
      kind: "Convolution",
      ...figures(8e6, { flops: 8e8, flopsPerSecond: 1e11, bytes: 2048, share: 0.5, reorders: 1 }),
    },
    { name: "norm", kind: "BatchNorm", ...figures(2e6) },
    { name: "(optimizer)", kind: null, ...figures(1e6) },
  ],
});
const profile = () => readProfile(JSON.stringify(written()));

test("the slowest layer is as wide as the chart, the others in proportion, in their order", () => {
  const bars = flameBars(profile());
  assert.deepEqual(
    bars.map((bar) => [bar.name, bar.kind, bar.phases.at(-1)?.to]),
    [
      ["conv", "Convolution", 1],
      ["norm", "BatchNorm", 0.25],
      ["(optimizer)", null, 0.125],
    ],
  );
});

test("phases follow one another without a gap, operations fill their phase", () => {
  const [bar] = flameBars(profile());
  assert.deepEqual(
    bar.phases.map(({ phase, from, to }) => [phase, from, to]),
    [
      ["forward", 0, 0.375],
      ["backward", 0.375, 1],
    ],
  );
  assert.deepEqual(
    bar.operations.map(({ label, phase, from, to }) => [label, phase, from, to]),
    [
      ["convolution", "forward", 0, 0.25],
      ["relu", "forward", 0.25, 0.375],
      ["convolution", "backward", 0.375, 1],
    ],
  );
});

test("what is drawn is said as well", () => {
  const [conv, , optimizer] = flameBars(profile());
  assert.equal(
    conv.summary,
    "conv, Convolution: 8 ms, 40 % of the step · 100 GFLOP/s · 2.0 KiB · 50 % of the limit · 1 reorder; " +
      "forward 3 ms, backward 5 ms",
  );
  assert.equal(optimizer.summary, "(optimizer): 1 ms, 5 % of the step; update 1 ms");
  assert.equal(
    figuresText({ ...figures(1234), bytes: 10, share: 0.1234 }, 12340),
    "0.001234 ms, 10 % of the step · 10 B · 12.3 % of the limit",
  );
});

test("a layer without time has a bar without width, and a profile without layers none", () => {
  const still = written();
  still.rows = [];
  still.layers = [{ name: "conv", kind: "Convolution", ...figures(0) }];
  const [bar] = flameBars(readProfile(JSON.stringify(still)));
  assert.deepEqual([bar.phases, bar.operations], [[], []]);
  assert.deepEqual(flameBars(readProfile(JSON.stringify({ ...still, layers: [] }))), []);
});

test("arrows go from bar to bar and along the parts of one, and stop at the ends", () => {
  const counts = [3, 1, 0];
  const from = (/** @type {number} */ bar, /** @type {number} */ segment, /** @type {string[]} */ ...keys) =>
    keys.reduce((place, key) => flameMove(key, place, counts) ?? place, { bar, segment });
  assert.deepEqual(from(0, -1, "ArrowRight", "ArrowRight"), { bar: 0, segment: 1 });
  assert.deepEqual(from(0, 2, "ArrowRight"), { bar: 0, segment: 2 });
  assert.deepEqual(from(0, 0, "ArrowLeft", "ArrowLeft"), { bar: 0, segment: -1 });
  assert.deepEqual(from(0, 2, "ArrowDown"), { bar: 1, segment: -1 });
  assert.deepEqual(from(0, -1, "End", "ArrowDown", "ArrowRight"), { bar: 2, segment: -1 });
  assert.deepEqual(from(2, -1, "Home", "ArrowUp"), { bar: 0, segment: -1 });
  assert.equal(flameMove("a", { bar: 0, segment: -1 }, counts), null);
});

test("what is no profile is refused with what is wrong", () => {
  const without = (/** @type {(json: any) => void} */ change) => {
    const json = written();
    change(json);
    return () => readProfile(JSON.stringify(json));
  };
  assert.throws(() => readProfile("<html>"), SyntaxError);
  assert.throws(() => readProfile("null"), /version undefined/);
  assert.throws(without((json) => (json.version = 2)), /version 2 of a profile/);
  assert.throws(without((json) => (json.layers = {})), /'layers' is no list/);
  assert.throws(without((json) => delete json.rows[1].bytes), /rows\[1\] has no number 'bytes'/);
  assert.throws(without((json) => (json.rows[0].nanoseconds = -1)), /rows\[0\] has no number 'nanoseconds'/);
  assert.throws(without((json) => (json.rows[0].layer = 7)), /rows\[0\] has no 'layer'/);
  assert.throws(without((json) => (json.rows[0].phase = "sideways")), /'sideways' is no phase/);
  assert.throws(without((json) => delete json.step), /step has no number 'nanoseconds'/);
});
