import assert from "node:assert/strict";
import { test } from "node:test";
import { readNumber, readRun, readSeries } from "../api/client.js";
import { groupKeys, leadingKeys } from "../app/metricGroups.js";
import { cellText, defaultColumns, differingKeys, isQuery, matches, sortRuns } from "../app/runColumns.js";
import { nextSort } from "../app/runTable.js";
import { batchSize } from "../app/seriesLoader.js";
import { colourSlots } from "../charts/palette.js";

const run = (/** @type {string} */ name, /** @type {object} */ more = {}) =>
  readRun({
    id: name.padEnd(32, "0"),
    name,
    experiment: "digits",
    status: "FINISHED",
    stale: false,
    startTime: "2026-03-01T12:00:00.000Z",
    endTime: "2026-03-01T12:01:00.000Z",
    params: {},
    tags: {},
    metrics: {},
    ...more,
  });
const accuracy = (/** @type {number | string} */ last) => ({
  metrics: { "test/accuracy": { last, step: 1, min: null, max: null } },
});
const names = (/** @type {{ name: string }[]} */ runs) => runs.map(({ name }) => name);

test("JSON's words for what is not finite are numbers", () => {
  assert.ok(Number.isNaN(readNumber("NaN")));
  assert.equal(readNumber("-Infinity"), -Infinity);
  assert.equal(readNumber(null), null);
  const [bucket] = readSeries({
    run: "r",
    key: "k",
    width: 1,
    buckets: [{ x: 0, count: 1, nan: 1, first: "NaN", last: "NaN", min: null, max: null, mean: null }],
  }).buckets;
  assert.ok(Number.isNaN(bucket.last));
  assert.equal(bucket.min, null);
  assert.equal(run("a").startTime, Date.UTC(2026, 2, 1, 12));
});

test("runs sort by a metric, those without one last either way", () => {
  const runs = [
    run("low", accuracy(0.5)),
    run("none"),
    run("nan", accuracy("NaN")),
    run("high", accuracy(0.9)),
  ];
  assert.deepEqual(names(sortRuns(runs, "-metrics.test/accuracy", 0)).slice(0, 2), ["high", "low"]);
  assert.deepEqual(names(sortRuns(runs, "metrics.test/accuracy", 0)).slice(0, 2), ["low", "high"]);
});

test("params sort as numbers where they are, and equal ones newest first", () => {
  const runs = [run("ten", { params: { n: "10" } }), run("nine", { params: { n: "9" } })];
  assert.deepEqual(names(sortRuns(runs, "params.n", 0)), ["nine", "ten"]);
  const later = run("later", { startTime: "2026-03-02T12:00:00.000Z" });
  assert.deepEqual(names(sortRuns([run("early"), later], "", 0)), ["later", "early"]);
  assert.deepEqual(names(sortRuns([run("early"), later], "status", 0)), ["later", "early"]);
});

test("a click goes through greatest, least, as before", () => {
  assert.equal(nextSort("", "name"), "-name");
  assert.equal(nextSort("-name", "name"), "name");
  assert.equal(nextSort("name", "name"), "");
  assert.equal(nextSort("-started", "name"), "-name");
});

test("every word of a filter has to be found", () => {
  const one = run("calm-heron", { params: { "optimizer.name": "sgd" }, tags: { note: "second try" } });
  for (const filter of ["", "HERON", "heron finished", "sgd", "second"]) assert.ok(matches(one, filter), filter);
  for (const filter of ["wren", "heron failed", "adam"]) assert.ok(!matches(one, filter), filter);
});

test("what compares is a filter of the search language, all else is words", () => {
  const queries = [
    "metrics.loss<0.1",
    "params.lr = 0.01",
    "tags.note LIKE '%x%'",
    "name ilike 'a%'",
    "status IN ('FAILED')",
    "metrics.loss is not null",
    "run_name !~ '^a'",
  ];
  for (const filter of queries) assert.ok(isQuery(filter), filter);
  for (const filter of ["", "heron", "heron finished", "in between", "train/loss", "likely", "0.5-3"])
    assert.ok(!isQuery(filter), filter);
});

test("a stale run's duration is not known", () => {
  const stale = run("quiet", { status: "RUNNING", stale: true, endTime: null });
  assert.equal(cellText(stale, "duration", Date.UTC(2026, 2, 2)).text, "–");
  assert.equal(cellText(stale, "status", 0).text, "Stale");
});

test("columns chosen by themselves: results first, and params that differ", () => {
  const metrics = {
    "train/loss": { last: 1, step: 1 },
    "test/accuracy": { last: 1, step: 1 },
    "system/memory": { last: 1, step: 1 },
  };
  const runs = [
    run("a", { params: { lr: "0.1", seed: "1" }, metrics }),
    run("b", { params: { lr: "0.2", seed: "1" } }),
  ];
  assert.deepEqual(defaultColumns(runs, true), [
    "started",
    "duration",
    "metrics.test/accuracy",
    "metrics.train/loss",
    "params.lr",
  ]);
  assert.deepEqual(differingKeys([{ a: "1" }, {}]), ["a"]);
  assert.deepEqual(differingKeys([{ a: "1" }]), []);
});

test("metrics are grouped by prefix, the system's last", () => {
  const groups = groupKeys([
    "system/cpu",
    "train/loss",
    "epoch",
    "test/a",
    "train/accuracy",
    "train/loss",
    "extra/x",
  ]);
  assert.deepEqual(
    groups.map(({ name, keys }) => `${name}: ${keys}`),
    ["train: train/accuracy,train/loss", "test: test/a", ": epoch", "extra: extra/x", "system: system/cpu"],
  );
  assert.deepEqual(leadingKeys(["train/loss", "system/cpu", "validation/accuracy"], 4), [
    "validation/accuracy",
    "train/loss",
  ]);
});

test("a question stays within the server's limits", () => {
  for (const [runs, buckets] of [
    [1, 500],
    [50, 1000],
    [1000, 1000],
    [3, 100],
  ]) {
    const keys = batchSize(runs, buckets);
    assert.ok(keys >= 1 && (keys === 1 || (keys * runs <= 1000 && keys * runs * buckets <= 1_000_000)));
  }
});

test("a run keeps its colour, and few runs have different ones", () => {
  const ids = Array.from({ length: 8 }, (_, n) => `${n}`.repeat(32));
  const slots = colourSlots(ids);
  assert.equal(new Set(slots.values()).size, 8);
  assert.deepEqual(colourSlots([...ids].reverse()), slots);
  assert.equal(colourSlots([...ids, "a", "b"]).size, 10);
});
