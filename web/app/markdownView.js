// A card's tree as nodes. Text only ever becomes text nodes.

import { parseMarkdown } from "../text/markdown.js";
import { element } from "./element.js";

/** @typedef {import("../text/markdown.js").Block} Block */
/** @typedef {import("../text/markdown.js").Inline} Inline */

/** @param {string} text @returns {DocumentFragment} */
export function markdownView(text) {
  const view = document.createDocumentFragment();
  view.append(...parseMarkdown(text).map(blockNode));
  return view;
}

/** @param {Block} block @returns {HTMLElement} */
function blockNode(block) {
  switch (block.kind) {
    case "heading":
      return heading(block.level, block.children);
    case "paragraph":
      return element("p", {}, ...block.children.map(inlineNode));
    case "code":
      return element("pre", { tabindex: 0 }, element("code", {}, block.text));
    case "quote":
      return element("blockquote", {}, ...block.children.map(blockNode));
    case "rule":
      return element("hr");
    case "list":
      return element(block.ordered ? "ol" : "ul", {}, ...block.items.map(item));
    case "table":
      return table(block);
  }
}

/**
 * @param {number} level
 * @param {Inline[]} children
 * @returns {HTMLElement} h2 at the highest: the page has its own title
 */
function heading(level, children) {
  const tags = /** @type {const} */ (["h2", "h3", "h4", "h5", "h6"]);
  return element(tags[Math.min(Math.max(level, 2), 6) - 2], {}, ...children.map(inlineNode));
}

/** @param {Block[]} blocks @returns {HTMLElement} a lone paragraph stands without its margins */
function item(blocks) {
  const [first, ...rest] = blocks;
  if (first?.kind !== "paragraph") return element("li", {}, ...blocks.map(blockNode));
  return element("li", {}, ...first.children.map(inlineNode), ...rest.map(blockNode));
}

/** @param {Extract<Block, { kind: "table" }>} block @returns {HTMLElement} */
function table({ head, rows, right }) {
  const place = (/** @type {number} */ column) => ({ class: right[column] ? "number" : null });
  const headRow = element(
    "tr",
    {},
    ...head.map((cell, n) => element("th", { scope: "col", ...place(n) }, ...cell.map(inlineNode))),
  );
  const body = rows.map((row) =>
    element("tr", {}, ...row.map((cell, n) => element("td", place(n), ...cell.map(inlineNode)))),
  );
  const made = element("table", {}, element("thead", {}, headRow), element("tbody", {}, ...body));
  return element("div", { class: "table-frame", tabindex: 0, role: "region", "aria-label": "Table" }, made);
}

/** @param {Inline} node @returns {Node} */
function inlineNode(node) {
  switch (node.kind) {
    case "text":
      return document.createTextNode(node.text);
    case "code":
      return element("code", {}, node.text);
    case "strong":
      return element("strong", {}, ...node.children.map(inlineNode));
    case "emphasis":
      return element("em", {}, ...node.children.map(inlineNode));
    case "link":
      return element(
        "a",
        { href: node.address, rel: "noreferrer noopener" },
        ...node.children.map(inlineNode),
      );
  }
}
