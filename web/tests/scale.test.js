import assert from "node:assert/strict";
import { test } from "node:test";
import * as scale from "../charts/scale.js";

const labels = (/** @type {import("../charts/scale.js").Tick[]} */ ticks) => ticks.map((tick) => tick.label);

test("a linear scale maps both ways", () => {
  const x = scale.linearScale([10, 20], [100, 300]);
  assert.equal(x.place(15), 200);
  assert.equal(x.value(x.place(12.5)), 12.5);
  const upward = scale.linearScale([0, 1], [200, 0]);
  assert.equal(upward.place(1), 0);
});

test("a log scale has no place for zero and below", () => {
  const y = scale.logScale([0.01, 100], [0, 400]);
  assert.ok(Math.abs(y.place(1) - 200) < 1e-9);
  assert.ok(Math.abs(y.value(300) - 10) < 1e-9);
  assert.ok(Number.isNaN(y.place(0)));
  assert.ok(Number.isNaN(y.place(-1)));
});

test("a nice step is 1, 2 or 5 times a power of ten and gives at most that many steps", () => {
  assert.equal(scale.niceStep(10, 10), 1);
  assert.equal(scale.niceStep(10, 7), 2);
  assert.equal(scale.niceStep(0.3, 4), 0.1);
  for (let span = 1e-9; span < 1e9; span *= 3.7) {
    for (const count of [1, 2, 5, 9]) {
      const step = scale.niceStep(span, count);
      assert.ok(span / step <= count * (1 + 1e-6), `${span} in ${count}: ${step}`);
      assert.ok(span / step > count / 3, `${span} in ${count}: ${step} is too coarse`);
    }
  }
});

test("linear ticks carry the digits of their step", () => {
  assert.deepEqual(labels(scale.linearTicks([0, 1], 5)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  assert.deepEqual(labels(scale.linearTicks([0, 2500], 5, true)), ["0", "500", "1k", "1.5k", "2k", "2.5k"]);
  assert.deepEqual(labels(scale.linearTicks([-1, 1], 2)), ["-1", "0", "1"]);
  assert.deepEqual(labels(scale.linearTicks([0.9121, 0.9129], 2)), ["0.9125"]);
  assert.deepEqual(labels(scale.linearTicks([1e-5, 3e-5], 2)), ["1e-5", "2e-5", "3e-5"]);
});

test("ticks of whole numbers never fall between them", () => {
  assert.deepEqual(labels(scale.linearTicks([0, 2], 8, true)), ["0", "1", "2"]);
});

test("an axis without a length still has a tick", () => {
  assert.equal(scale.linearTicks([3, 3], 5).length, 1);
});

test("log ticks are powers of ten, with 2 and 5 where there is room", () => {
  assert.deepEqual(labels(scale.logTicks([0.001, 10], 5)), ["0.001", "0.01", "0.1", "1", "10"]);
  assert.deepEqual(labels(scale.logTicks([1, 100], 8)), ["1", "2", "5", "10", "20", "50", "100"]);
  assert.deepEqual(labels(scale.logTicks([1e-12, 1], 4)), ["1e-12", "1e-9", "1e-6", "0.001", "1"]);
  assert.deepEqual(labels(scale.logTicks([2, 4], 4)), ["2.0", "2.5", "3.0", "3.5", "4.0"]);
});

test("time ticks are round on the local clock", () => {
  const start = Date.UTC(2026, 2, 1, 10, 7);
  const ticks = scale.timeTicks([start, start + 3_600_000], 4, 0);
  assert.deepEqual(labels(ticks), ["10:15", "10:30", "10:45", "11:00"]);
  assert.equal(ticks[0].value, Date.UTC(2026, 2, 1, 10, 15));
  const inIndia = scale.timeTicks([start, start + 6 * 3_600_000], 6, -330);
  assert.deepEqual(labels(inIndia), ["16:00", "17:00", "18:00", "19:00", "20:00", "21:00"]);
  assert.equal(inIndia[0].value, Date.UTC(2026, 2, 1, 10, 30));
});

test("time ticks name the day at midnight", () => {
  const start = Date.UTC(2026, 2, 1, 20);
  assert.deepEqual(labels(scale.timeTicks([start, start + 12 * 3_600_000], 4, 0)), [
    "21:00",
    "03-02",
    "03:00",
    "06:00",
  ]);
});

test("duration ticks are round on a stop watch", () => {
  assert.deepEqual(labels(scale.durationTicks([0, 120_000], 4)), ["0", "30s", "1m", "1m30s", "2m"]);
  assert.deepEqual(labels(scale.durationTicks([0, 1000], 5)), [
    "0",
    "200ms",
    "400ms",
    "600ms",
    "800ms",
    "1s",
  ]);
});
