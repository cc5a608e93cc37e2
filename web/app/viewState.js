// A page's state in its address, so that a copied address shows the same. Pure but for `replaceAddress`.

/** @typedef {import("../charts/line.js").View} View */
/**
 * @typedef {object} TableState
 * @property {string} experiment "" for all
 * @property {string} filter
 * @property {string} sort a column, with "-" before it when the greatest comes first; "" for the newest
 * @property {string[] | null} columns null for those chosen by themselves
 * @property {string[]} selected
 * @property {boolean} comparing
 */

/** @param {URLSearchParams} query @returns {TableState} */
export function readTableState(query) {
  return {
    experiment: query.get("experiment") ?? "",
    filter: query.get("filter") ?? "",
    sort: query.get("sort") ?? "",
    columns: query.has("column") ? query.getAll("column").filter((name) => name !== "") : null,
    selected: query.getAll("run"),
    comparing: query.get("view") === "compare",
  };
}

/** @param {TableState} state @returns {URLSearchParams} */
export function writeTableState(state) {
  const query = new URLSearchParams();
  if (state.experiment) query.set("experiment", state.experiment);
  if (state.filter) query.set("filter", state.filter);
  if (state.sort) query.set("sort", state.sort);
  if (state.columns)
    for (const name of state.columns.length > 0 ? state.columns : [""]) query.append("column", name);
  for (const run of state.selected) query.append("run", run);
  if (state.comparing) query.set("view", "compare");
  return query;
}

/** @param {URLSearchParams} query @returns {View} */
export function readView(query) {
  const axis = query.get("x");
  const from = number(query.get("from"));
  const to = number(query.get("to"));
  const zoomed = from !== null && to !== null && to > from;
  return {
    axis: axis === "time" || axis === "relative" ? axis : "step",
    from: zoomed ? Math.floor(from) : null,
    to: zoomed ? Math.ceil(to) : null,
    smoothing: Math.min(Math.max(number(query.get("smoothing")) ?? 0, 0), 0.999),
    logarithmic: query.get("y") === "log",
  };
}

/** @param {View} view @param {URLSearchParams} query written into */
export function writeView(view, query) {
  const put = (/** @type {string} */ name, /** @type {string | null} */ value) =>
    value === null ? query.delete(name) : query.set(name, value);
  put("x", view.axis === "step" ? null : view.axis);
  put("from", view.from === null ? null : String(view.from));
  put("to", view.to === null ? null : String(view.to));
  put("smoothing", view.smoothing > 0 ? String(view.smoothing) : null);
  put("y", view.logarithmic ? "log" : null);
}

/** @param {string | null} text @returns {number | null} */
function number(text) {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** @param {URLSearchParams} query @param {boolean} [asStep] whether "back" should undo it */
export function replaceAddress(query, asStep = false) {
  const address = `${location.pathname}${`${query}` === "" ? "" : `?${query}`}${location.hash}`;
  if (asStep) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}
