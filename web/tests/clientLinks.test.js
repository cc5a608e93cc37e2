import assert from "node:assert/strict";
import { test } from "node:test";
import { readClientLink } from "../text/clientLinks.js";

const run = "0123456789abcdef0123456789abcdef";

test("an address that a client prints names a run or an experiment", () => {
  assert.deepEqual(readClientLink(`#/experiments/7/runs/${run}`), { experiment: "7", run });
  assert.deepEqual(readClientLink(`#/experiments/7/runs/${run}/artifacts`), { experiment: "7", run });
  assert.deepEqual(readClientLink("#/experiments/7"), { experiment: "7", run: null });
  assert.deepEqual(readClientLink("#/experiments/7/runs?searchFilter="), { experiment: "7", run: null });
});

test("other addresses name nothing", () => {
  for (const hash of ["", "#", "#metrics", "#/experiments/x", "#/experiments/7x", `#/runs/${run}`, "#/models/a"])
    assert.equal(readClientLink(hash), null, hash);
});
