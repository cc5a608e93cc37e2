// Which metrics stand together, and in which order. Pure.

/** @typedef {{ name: string, keys: string[] }} MetricGroup */

const first = ["train", "validation", "test"];
const last = ["system"];

/** @param {string} key @returns {string} what stands before the first slash; "" when there is none */
export function prefixOf(key) {
  const slash = key.indexOf("/");
  return slash > 0 ? key.slice(0, slash) : "";
}

/**
 * Groups keys by prefix: train, validation, test, then by name, system last.
 * @param {Iterable<string>} keys
 * @returns {MetricGroup[]}
 */
export function groupKeys(keys) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const key of [...new Set(keys)].sort()) {
    const prefix = prefixOf(key);
    groups.set(prefix, [...(groups.get(prefix) ?? []), key]);
  }
  return [...groups]
    .map(([name, members]) => ({ name, keys: members }))
    .sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
}

/** @param {string} name @returns {number} */
function rank(name) {
  if (first.includes(name)) return first.indexOf(name);
  return last.includes(name) ? first.length + 1 : first.length;
}

/**
 * The metrics a person asks for first: results before losses before the rest, never the system's.
 * @param {Iterable<string>} keys
 * @param {number} count
 * @returns {string[]}
 */
export function leadingKeys(keys, count) {
  const score = (/** @type {string} */ key) => {
    const place = ["test", "validation", "train"].indexOf(prefixOf(key));
    const kind = /accuracy|f1|map|recall|bleu|auc/i.test(key) ? 0 : /loss/i.test(key) ? 1 : 2;
    return (place < 0 ? 3 : place) + kind * 4;
  };
  return [...new Set(keys)]
    .filter((key) => prefixOf(key) !== "system")
    .sort((a, b) => score(a) - score(b) || a.localeCompare(b))
    .slice(0, count);
}
