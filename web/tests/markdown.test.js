import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInline, parseMarkdown, safeAddress } from "../text/markdown.js";

const text = (/** @type {string} */ said) => ({ kind: "text", text: said });

test("headings, paragraphs and rules", () => {
  assert.deepEqual(parseMarkdown("# One\n\ntwo\nthree\n\n---\n"), [
    { kind: "heading", level: 1, children: [text("One")] },
    { kind: "paragraph", children: [text("two three")] },
    { kind: "rule" },
  ]);
});

test("marks inside a line", () => {
  assert.deepEqual(parseInline("a **b *c*** `d*e*` [f](https://g.org/h_(i))"), [
    text("a "),
    { kind: "strong", children: [text("b "), { kind: "emphasis", children: [text("c")] }] },
    text(" "),
    { kind: "code", text: "d*e*" },
    text(" "),
    { kind: "link", address: "https://g.org/h_(i)", children: [text("f")] },
  ]);
});

test("stars and underscores that mark nothing are text", () => {
  for (const plain of ["2 * 3 * 4", "snake_case_name", "a*b", "**", "* alone"]) {
    assert.deepEqual(parseInline(plain), [text(plain)]);
  }
  assert.deepEqual(parseInline("\\*not\\*"), [text("*not*")]);
});

test("lists nest and hold blocks", () => {
  const [list] = parseMarkdown("- one\n- two\n  - inner\n- three\n");
  assert.equal(list.kind, "list");
  if (list.kind !== "list") return;
  assert.equal(list.items.length, 3);
  assert.equal(list.items[1][1].kind, "list");
  const [ordered] = parseMarkdown("1. one\n2. two");
  assert.equal(ordered.kind === "list" && ordered.ordered, true);
});

test("a list ends where a heading begins", () => {
  assert.deepEqual(
    parseMarkdown("- one\n# Two").map((block) => block.kind),
    ["list", "heading"],
  );
});

test("code keeps every sign, also without an end", () => {
  assert.deepEqual(parseMarkdown("```sh\n# <b>\n\n*x*\n```\nafter"), [
    { kind: "code", language: "sh", text: "# <b>\n\n*x*" },
    { kind: "paragraph", children: [text("after")] },
  ]);
  assert.deepEqual(parseMarkdown("```\nopen"), [{ kind: "code", language: "", text: "open" }]);
});

test("tables know their numbers, and a bar that is escaped", () => {
  const [table] = parseMarkdown("| a | b |\n| --- | ---: |\n| x \\| y | 1 |\n\nend");
  assert.deepEqual(table, {
    kind: "table",
    head: [[text("a")], [text("b")]],
    rows: [[[text("x | y")], [text("1")]]],
    right: [false, true],
  });
});

test("HTML is text", () => {
  assert.deepEqual(parseMarkdown("<img src=x onerror=alert(1)>"), [
    { kind: "paragraph", children: [text("<img src=x onerror=alert(1)>")] },
  ]);
});

test("links lead to the web or to this server, never to a script", () => {
  for (const good of ["https://a.b/c", "HTTP://a.b", "/runs/1", "#part", "card.md", "mailto:a@b.c"]) {
    assert.equal(safeAddress(good), good);
  }
  const bad = [
    "javascript:alert(1)",
    "JaVaScript:alert(1)",
    "java\tscript:alert(1)",
    "\u0001javascript:x",
    "data:text/html,x",
    "vbscript:x",
    "//evil.org",
    "\\\\evil.org",
    "/\\evil.org",
    "blob:x",
    "",
  ];
  for (const address of bad) assert.equal(safeAddress(address), null, address);
  assert.deepEqual(parseInline("[x](javascript:alert(1))"), [text("[x](javascript:alert(1))")]);
});

test("hostile cards are read in good time", () => {
  const started = performance.now();
  for (const card of [
    "*".repeat(20_000),
    "[".repeat(20_000),
    "> ".repeat(5000),
    "`".repeat(20_000),
    "- ".repeat(5000) + "x",
    "**a".repeat(5000),
    "_a ".repeat(5000),
    "|-".repeat(10_000),
    "[a](".repeat(5000),
    `${" ".repeat(20_000)}- x`,
  ]) {
    parseMarkdown(card);
  }
  assert.ok(performance.now() - started < 4000, `${performance.now() - started} ms`);
});
