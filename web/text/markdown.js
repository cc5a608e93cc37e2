// The part of CommonMark that a model card needs, as a tree. `app/markdownView.js` turns it into nodes; nothing
// here or there ever builds markup from text, so a card cannot bring its own. HTML in a card is shown as text.

/**
 * @typedef {{ kind: "text", text: string }
 *   | { kind: "code", text: string }
 *   | { kind: "strong" | "emphasis", children: Inline[] }
 *   | { kind: "link", address: string, children: Inline[] }} Inline
 * @typedef {{ kind: "heading", level: number, children: Inline[] }
 *   | { kind: "paragraph", children: Inline[] }
 *   | { kind: "code", language: string, text: string }
 *   | { kind: "quote", children: Block[] }
 *   | { kind: "list", ordered: boolean, items: Block[][] }
 *   | { kind: "table", head: Inline[][], rows: Inline[][][], right: boolean[] }
 *   | { kind: "rule" }} Block
 */

const heading = /^(#{1,6})\s+(.*?)\s*#*\s*$/;
const fence = /^(```+|~~~+)\s*([\w+-]*)\s*$/;
const bullet = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const rule = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const divider = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const deepest = 8; // levels of quotes and lists; deeper ones are read as text

/**
 * Reads a card.
 * @param {string} text
 * @returns {Block[]}
 */
export function parseMarkdown(text) {
  return blocks(text.replace(/\r\n?/g, "\n").split("\n"), 0);
}

/** @param {string[]} lines @param {number} depth @returns {Block[]} */
function blocks(lines, depth) {
  /** @type {Block[]} */
  const found = [];
  let at = 0;
  while (at < lines.length) {
    if (lines[at].trim() === "") {
      at += 1;
      continue;
    }
    const [block, next] = block1(lines, at, depth);
    found.push(block);
    at = next;
  }
  return found;
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {number} depth
 * @returns {[Block, number]} the block, where it ends
 */
function block1(lines, at, depth) {
  const line = lines[at];
  const fenced = fence.exec(line);
  if (fenced) return code(lines, at, fenced[1], fenced[2]);
  const headed = heading.exec(line);
  if (headed) return [{ kind: "heading", level: headed[1].length, children: parseInline(headed[2]) }, at + 1];
  if (rule.test(line)) return [{ kind: "rule" }, at + 1];
  if (line.startsWith(">") && depth < deepest) return quote(lines, at, depth);
  if (bullet.test(line) && depth < deepest) return list(lines, at, depth);
  if (line.includes("|") && at + 1 < lines.length && divider.test(lines[at + 1])) return table(lines, at);
  return paragraph(lines, at, depth);
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {string} mark
 * @param {string} language
 * @returns {[Block, number]}
 */
function code(lines, at, mark, language) {
  let end = at + 1;
  while (end < lines.length && !lines[end].startsWith(mark)) end += 1;
  return [{ kind: "code", language, text: lines.slice(at + 1, end).join("\n") }, end + 1];
}

/** @param {string[]} lines @param {number} at @param {number} depth @returns {[Block, number]} */
function quote(lines, at, depth) {
  let end = at;
  while (end < lines.length && lines[end].startsWith(">")) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(/^> ?/, ""));
  return [{ kind: "quote", children: blocks(inner, depth + 1) }, end];
}

/** @param {string[]} lines @param {number} at @param {number} depth @returns {[Block, number]} */
function list(lines, at, depth) {
  const first = /** @type {RegExpExecArray} */ (bullet.exec(lines[at]));
  const ordered = /\d/.test(first[2]);
  const indent = first[1].length;
  /** @type {string[][]} */
  const items = [];
  let end = at;
  while (end < lines.length) {
    const match = bullet.exec(lines[end]);
    if (match && match[1].length <= indent + 1) {
      if (/\d/.test(match[2]) !== ordered) break;
      items.push([match[3]]);
    } else if (
      lines[end].trim() !== "" &&
      (lines[end].startsWith(" ".repeat(indent + 2)) || lines[end - 1].trim() !== "")
    ) {
      if (startsAnew(lines[end])) break;
      items[items.length - 1].push(
        lines[end].replace(/^ {1,4}/, "").slice(indent > 0 ? Math.min(indent, 2) : 0),
      );
    } else if (lines[end].trim() === "" && continues(lines, end, indent)) {
      items[items.length - 1].push("");
    } else break;
    end += 1;
  }
  return [{ kind: "list", ordered, items: items.map((item) => blocks(item, depth + 1)) }, end];
}

/** @param {string} line @returns {boolean} whether a heading, fence or quote at the margin ends a list */
function startsAnew(line) {
  return heading.test(line) || fence.test(line) || line.startsWith(">");
}

/**
 * @param {string[]} lines
 * @param {number} at
 * @param {number} indent
 * @returns {boolean} whether the list goes on after a blank line
 */
function continues(lines, at, indent) {
  const next = lines[at + 1];
  if (next === undefined || next.trim() === "") return false;
  return bullet.test(next) || next.startsWith(" ".repeat(indent + 2));
}

/** @param {string[]} lines @param {number} at @returns {[Block, number]} */
function table(lines, at) {
  const marks = cells(lines[at + 1]);
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|") && lines[end].trim() !== "") end += 1;
  return [
    {
      kind: "table",
      head: cells(lines[at]).map(parseInline),
      rows: lines.slice(at + 2, end).map((line) => cells(line).map(parseInline)),
      right: marks.map((mark) => mark.endsWith(":") && !mark.startsWith(":")),
    },
    end,
  ];
}

/** @param {string} line @returns {string[]} */
function cells(line) {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
}

/** @param {string[]} lines @param {number} at @param {number} depth @returns {[Block, number]} */
function paragraph(lines, at, depth) {
  let end = at + 1;
  while (
    end < lines.length &&
    lines[end].trim() !== "" &&
    !startsAnew(lines[end]) &&
    !rule.test(lines[end])
  ) {
    if (bullet.test(lines[end]) && depth < deepest) break;
    end += 1;
  }
  const text = lines
    .slice(at, end)
    .map((line) => line.trim())
    .join(" ");
  return [{ kind: "paragraph", children: parseInline(text) }, end];
}

// Code first, so that nothing inside it is read; a link's text and strong text may hold further marks.
const inline = new RegExp(
  [
    "(?<tick>`+)(?<code>[^`](?:.*?[^`])?)\\k<tick>(?!`)",
    '!?\\[(?<label>[^\\]]*)\\]\\((?<address>[^()\\s]*(?:\\([^()\\s]*\\)[^()\\s]*)*)(?:\\s+"[^"]*")?\\)',
    "<(?<bare>https?:[^\\s<>]+)>",
    "(?<!\\w)(?<strong>\\*\\*|__)(?=\\S)(?<bold>.+?)(?<=\\S)\\k<strong>(?![*_])",
    "(?<![\\w*])(?<light>[*_])(?=[^\\s*_])(?<slant>.+?)(?<=\\S)\\k<light>(?!\\w)",
    "\\\\(?<escaped>[!-/:-@\\[-`{-~])",
  ].join("|"),
);

/**
 * Reads the marks inside a line.
 * @param {string} text
 * @returns {Inline[]}
 */
export function parseInline(text) {
  /** @type {Inline[]} */
  const found = [];
  let rest = text;
  while (rest !== "") {
    const match = inline.exec(rest);
    if (!match) break;
    if (match.index > 0) add(found, rest.slice(0, match.index));
    const node = inline1(match.groups ?? {}, match[0]);
    if (typeof node === "string") add(found, node);
    else found.push(node);
    rest = rest.slice(match.index + match[0].length);
  }
  if (rest !== "") add(found, rest);
  return found;
}

/** @param {Record<string, string | undefined>} groups @param {string} whole @returns {Inline | string} */
function inline1(groups, whole) {
  if (groups.code !== undefined) return { kind: "code", text: groups.code.trim() };
  if (groups.escaped !== undefined) return groups.escaped;
  if (groups.bold !== undefined) return { kind: "strong", children: parseInline(groups.bold) };
  if (groups.slant !== undefined) return { kind: "emphasis", children: parseInline(groups.slant) };
  const address = safeAddress(groups.bare ?? groups.address ?? "");
  const label = groups.bare ?? groups.label ?? "";
  if (address === null) return whole;
  return {
    kind: "link",
    address,
    children: groups.bare ? [{ kind: "text", text: label }] : parseInline(label),
  };
}

/** @param {Inline[]} found @param {string} text joined to a text before it */
function add(found, text) {
  const last = found[found.length - 1];
  if (last && last.kind === "text") last.text += text;
  else found.push({ kind: "text", text });
}

/**
 * Lets through what a link of a card may lead to: http, https, mail, and places on this server.
 * @param {string} address
 * @returns {string | null} null for everything else, `javascript:` and `data:` among it
 */
export function safeAddress(address) {
  // The URL standard drops tabs and newlines and trims controls before it reads the scheme.
  const plain = address.replace(/[\u0000-\u0020\u007f]/g, "");
  if (plain === "") return null;
  if (/^(https?:\/\/|mailto:)/i.test(plain)) return plain;
  if (/^[a-z][a-z0-9+.-]*:/i.test(plain) || /^[/\\]{2}/.test(plain)) return null;
  return plain;
}
