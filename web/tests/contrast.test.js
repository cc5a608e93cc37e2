// WCAG 2.2: 4.5 to 1 for text (1.4.3), 3 to 1 for what has to be made out (1.4.11).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const sheet = readFileSync(new URL("../styles/base.css", import.meta.url), "utf8");
const pairs = new Map(
  [...sheet.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, ...two]) => [name, two]),
);

/** @param {string} colour as #rrggbb @returns {number} relative luminance */
function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {string} a @param {string} b @param {number} scheme 0 light, 1 dark @returns {number} */
function contrast(a, b, scheme) {
  const [left, right] = [a, b].map((name) =>
    luminance(pairs.get(name)?.[scheme] ?? assert.fail(`no colour ${name}`)),
  );
  return (Math.max(left, right) + 0.05) / (Math.min(left, right) + 0.05);
}

/** @type {[string, string, number][]} */
const wanted = [
  ...["ground", "panel", "hover"].flatMap((back) => [
    ["text", back, 4.5],
    ["text-soft", back, 4.5],
  ]),
  ...["ground", "panel", "accent-soft", "hover"].map((back) => ["accent", back, 4.5]),
  ...["good", "info", "bad", "warn"].map((name) => [name, `${name}-soft`, 4.5]),
  ["text", "accent-soft", 4.5],
  ["on-accent", "accent", 4.5],
  ...["ground", "panel"].map((back) => ["line-strong", back, 3]),
  ...Array.from({ length: 8 }, (_, n) => [`series-${n + 1}`, "panel", 3]),
];

test("colours can be told from their grounds in both schemes", () => {
  for (const [front, back, least] of wanted) {
    for (const scheme of [0, 1]) {
      const found = contrast(front, back, scheme);
      assert.ok(
        found >= least,
        `${front} on ${back}, ${scheme ? "dark" : "light"}: ${found.toFixed(2)} of ${least}`,
      );
    }
  }
});
