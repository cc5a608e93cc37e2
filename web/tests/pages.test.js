// What a browser would only complain about at run time: the pages against the files and the security policy.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";

const root = new URL("..", import.meta.url).pathname;
const read = (/** @type {string} */ path) => readFileSync(root + path, "utf8");
const pages = readdirSync(root).filter((name) => name.endsWith(".html"));
const modules = ["api", "app", "charts", "text"].flatMap((folder) =>
  readdirSync(root + folder).map((name) => `${folder}/${name}`),
);

/** @param {string} entry @param {Set<string>} [found] @returns {Set<string>} all modules it imports, itself not among them */
function imported(entry, found = new Set()) {
  for (const [, path] of read(entry).matchAll(/^(?:import|export) [^;]*?from "(\.[^"]+)"/gms)) {
    const target = posix.join(posix.dirname(entry), path);
    if (found.has(target)) continue;
    found.add(target);
    imported(target, found);
  }
  return found;
}

for (const page of pages) {
  const html = read(page);

  test(`${page} names files that exist`, () => {
    const assets = [...html.matchAll(/(?:src|href)="\/assets\/([^"]+)"/g)].map(([, path]) => path);
    assert.ok(assets.length > 5);
    for (const path of assets) assert.ok(existsSync(root + path), path);
  });

  test(`${page} loads each module at once`, () => {
    const entry = /<script type="module" src="\/assets\/([^"]+)">/.exec(html)?.[1] ?? "";
    const preloaded = [...html.matchAll(/rel="modulepreload" href="\/assets\/([^"]+)"/g)].map(
      ([, path]) => path,
    );
    assert.deepEqual(preloaded, [...imported(entry)].sort());
  });

  test(`${page} keeps the security policy and asks nobody else`, () => {
    assert.doesNotMatch(html, /\sstyle=|\son\w+=|<style|https?:|javascript:/i);
    assert.doesNotMatch(html, /<script(?![^>]* src=)/i);
  });

  test(`${page} has the ids its modules look for`, () => {
    const entry = /<script type="module" src="\/assets\/([^"]+)">/.exec(html)?.[1] ?? "";
    for (const module of [entry, ...imported(entry)]) {
      for (const [, id] of read(module).matchAll(/byID\("([^"]+)"\)/g)) {
        if (module === "app/page.js" && id === "link" && !html.includes('id="link"')) continue; // not a live page
        assert.ok(html.includes(`id="${id}"`), `${module} looks for '${id}'`);
      }
    }
  });
}

test("no module writes markup or evaluates text", () => {
  for (const module of modules) {
    assert.doesNotMatch(
      read(module),
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/,
      module,
    );
  }
});

test("no style sheet loads anything", () => {
  for (const name of readdirSync(`${root}styles`))
    assert.doesNotMatch(read(`styles/${name}`), /@import|url\(/, name);
});
