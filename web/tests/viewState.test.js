import assert from "node:assert/strict";
import { test } from "node:test";
import { readTableState, readView, writeTableState, writeView } from "../app/viewState.js";

test("a table's state survives its address", () => {
  const state = {
    experiment: "a & b",
    filter: "lr=0.1 calm",
    sort: "-metrics.test/accuracy",
    columns: ["started", "params.a,b"],
    selected: ["1", "2"],
    comparing: true,
  };
  assert.deepEqual(readTableState(new URLSearchParams(`${writeTableState(state)}`)), state);
  const bare = readTableState(new URLSearchParams());
  assert.equal(bare.columns, null);
  assert.equal(`${writeTableState(bare)}`, "");
});

test("no columns is a choice too", () => {
  const state = { ...readTableState(new URLSearchParams()), columns: [] };
  assert.deepEqual(readTableState(writeTableState(state)).columns, []);
});

test("a view survives its address", () => {
  const view = /** @type {const} */ ({
    axis: "relative",
    from: 10,
    to: 500,
    smoothing: 0.6,
    logarithmic: true,
  });
  const query = new URLSearchParams();
  writeView(view, query);
  assert.deepEqual(readView(query), view);
});

test("an address that makes no sense shows everything", () => {
  const whole = { axis: "step", from: null, to: null, smoothing: 0, logarithmic: false };
  assert.deepEqual(readView(new URLSearchParams("x=moon&from=9&to=3&smoothing=-1&y=up")), whole);
  assert.deepEqual(readView(new URLSearchParams("from=&to=7")), whole);
});
