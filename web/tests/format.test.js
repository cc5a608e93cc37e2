import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../text/format.js";

test("numbers have four significant digits, whole ones all", () => {
  const cases = /** @type {[number | null, string][]} */ ([
    [0.91234567, "0.9123"],
    [0, "0"],
    [1, "1"],
    [12345, "12,345"],
    [1234.56, "1,234.6"],
    [0.1, "0.1"],
    [1.5e-7, "1.5e-7"],
    [2e12, "2e12"],
    [-0.25, "-0.25"],
    [NaN, "NaN"],
    [Infinity, "∞"],
    [-Infinity, "-∞"],
    [null, "–"],
  ]);
  for (const [value, text] of cases) assert.equal(format.formatNumber(value), text);
});

test("durations have two units at most", () => {
  const cases = /** @type {[number, string][]} */ ([
    [0, "0 ms"],
    [420, "420 ms"],
    [3200, "3.2 s"],
    [59_400, "59 s"],
    [59_600, "1 min"],
    [250_000, "4 min 10 s"],
    [3_600_000, "1 h"],
    [7_500_000, "2 h 5 min"],
    [100 * 3_600_000, "4 d 4 h"],
    [-3200, "-3.2 s"],
  ]);
  for (const [value, text] of cases) assert.equal(format.formatDuration(value), text);
});

test("what is long ago has a date", () => {
  const now = 1_000_000_000_000;
  assert.equal(format.formatAgo(now - 3000, now), "just now");
  assert.equal(format.formatAgo(now - 30_000, now), "30 s ago");
  assert.equal(format.formatAgo(now - 300_000, now), "5 min ago");
  assert.equal(format.formatAgo(now - 3 * 86_400_000, now), "3 d ago");
  assert.match(format.formatAgo(now - 30 * 86_400_000, now), /^\d{4}-\d\d-\d\d$/);
});

test("sizes are in powers of 1024", () => {
  const cases = /** @type {[number, string][]} */ ([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [305_120, "298 KiB"],
    [5 * 1024 ** 3, "5.0 GiB"],
  ]);
  for (const [value, text] of cases) assert.equal(format.formatBytes(value), text);
});

test("one is singular", () => {
  assert.equal(format.counted(1, "run"), "1 run");
  assert.equal(format.counted(1200, "run"), "1,200 runs");
});
