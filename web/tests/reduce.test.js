import assert from "node:assert/strict";
import { test } from "node:test";
import * as reduce from "../charts/reduce.js";

const bucket = (/** @type {number} */ x, /** @type {number} */ value) => ({
  x,
  count: 1,
  nan: 0,
  first: value,
  last: value,
  min: value,
  max: value,
  mean: value,
});
const columns = (/** @type {number[]} */ values, width = 1) =>
  reduce.columnsOf({
    run: "r",
    key: "k",
    width,
    buckets: values.map((value, n) => bucket(n * width, value)),
  });

test("a bucket stands at its middle, and its last value is the line", () => {
  const answer = {
    run: "r",
    key: "k",
    width: 4,
    buckets: [{ x: 8, count: 3, nan: 0, first: 1, last: 2, min: 0, max: 9, mean: 4 }],
  };
  const made = reduce.columnsOf(answer);
  assert.deepEqual([made.x[0], made.line[0], made.low[0], made.high[0], made.mean[0]], [9.5, 2, 0, 9, 4]);
  assert.equal(made.pointCount, 3);
});

test("values that are not finite become marks, and gaps where nothing else is", () => {
  const none = { min: null, max: null, mean: null };
  const made = reduce.columnsOf({
    run: "r",
    key: "k",
    width: 1,
    buckets: [
      { x: 0, count: 1, nan: 1, first: NaN, last: NaN, ...none },
      { x: 1, count: 1, nan: 0, first: Infinity, last: Infinity, ...none },
      { x: 2, count: 2, nan: 1, first: 3, last: NaN, min: 3, max: 3, mean: 3 },
      { x: 3, count: 1, nan: 0, first: -Infinity, last: -Infinity, ...none },
    ],
  });
  assert.deepEqual([...made.line], [NaN, NaN, 3, NaN]);
  assert.deepEqual(
    made.marks.map(({ x, kind }) => `${x} ${kind}`),
    ["0 nan", "1 above", "2 nan", "3 below"],
  );
  assert.equal(made.nanCount, 2);
});

test("smoothing by nothing changes nothing", () => {
  assert.deepEqual([...reduce.smooth(Float64Array.of(0, 1), Float64Array.of(5, 7), 0, 1)], [5, 7]);
});

test("smoothing is the debiased moving average, weighted by the way along the axis", () => {
  // Half the memory is sqrt(0.25) = 0.5 for each thousandth of the axis.
  const x = Float64Array.of(0, 1, 3);
  const smoothed = reduce.smooth(x, Float64Array.of(1, 2, 4), 0.25, 1000);
  const second = (1 * 0.5 + 2) / 1.5;
  const third = ((1 * 0.5 + 2) * 0.25 + 4) / (1.5 * 0.25 + 1);
  assert.deepEqual(
    [...smoothed].map((value) => value.toFixed(12)),
    [1, second, third].map((value) => value.toFixed(12)),
  );
});

test("a constant stays what it is, however much it is smoothed", () => {
  const x = Float64Array.from({ length: 50 }, (_, n) => n);
  const smoothed = reduce.smooth(x, new Float64Array(50).fill(0.3), 0.999, 49);
  assert.ok(smoothed.every((value) => Math.abs(value - 0.3) < 1e-12));
});

test("a gap stays a gap and is passed over", () => {
  const smoothed = reduce.smooth(Float64Array.of(0, 1, 2), Float64Array.of(1, NaN, 1), 0.9, 2);
  assert.ok(Number.isNaN(smoothed[1]));
  assert.ok(Math.abs(smoothed[2] - 1) < 1e-12);
});

test("the nearest bucket is found from any place", () => {
  const x = Float64Array.of(0, 10, 20);
  assert.deepEqual(
    [-5, 4, 5, 6, 14, 99].map((wanted) => reduce.nearest(x, wanted)),
    [0, 0, 0, 1, 1, 2],
  );
  assert.equal(reduce.nearest(new Float64Array(), 1), -1);
});

test("the x axis reaches from the first bucket's beginning to the last one's end", () => {
  assert.deepEqual(reduce.extentX([columns([1, 2, 3], 4)], 1), [0, 11]);
  assert.deepEqual(reduce.extentX([columns([1])], 2), [-1, 1]);
  assert.equal(reduce.extentX([columns([])], 1), null);
});

test("the y axis holds the band of what is shown, with air", () => {
  const all = [columns([0, 10, 1000])];
  const [low, high] = reduce.extentY(all, [0, 1], false) ?? [];
  assert.deepEqual([low, high], [-0.5, 10.5]);
  assert.deepEqual(reduce.extentY([columns([5])], [0, 1], false), [4.5, 5.5]);
  assert.deepEqual(reduce.extentY([columns([0])], [0, 1], false), [-1, 1]);
  assert.equal(reduce.extentY([columns([NaN])], [0, 1], false), null);
  assert.equal(reduce.extentY(all, [50, 60], false), null);
});

test("a log axis leaves out what is not above zero", () => {
  const all = [columns([0, -3, 1, 100])];
  const [low, high] = reduce.extentY(all, [0, 9], true) ?? [0, 0];
  assert.ok(low > 0.7 && low < 1 && high > 100 && high < 140, `${low} ${high}`);
  assert.equal(reduce.nonPositiveCount(all), 2);
  assert.equal(reduce.extentY([columns([0, -1])], [0, 9], true), null);
});
