import assert from "node:assert/strict";
import { test } from "node:test";
import { fromFirstWholeLine, plainConsole } from "../text/console.js";

test("colours and titles are taken out", () => {
  assert.equal(plainConsole("\u001b[1;32mgreen\u001b[0m \u001b]0;title\u0007text"), "green text");
  assert.equal(plainConsole("\u001b]8;;https://a.b\u001b\\link\u001b]8;;\u001b\\"), "link");
});

test("of an overwritten line the last text stays", () => {
  assert.equal(plainConsole("10 %\r20 %\r30 %\ndone\r\n"), "30 %\ndone\n");
});

test("a text that was cut begins with a whole line", () => {
  assert.equal(fromFirstWholeLine("lf a line\nwhole\n"), "whole\n");
  assert.equal(fromFirstWholeLine("no end"), "no end");
});
