// The last value and the range of each metric of a run.

import { formatCount, formatNumber } from "../text/format.js";
import { element } from "./element.js";

/** @param {import("../api/types.js").RunInfo} run @returns {HTMLElement} */
export function metricTable(run) {
  const keys = Object.keys(run.metrics).sort();
  if (keys.length === 0) return element("p", { class: "hint" }, "No metric has been logged yet.");
  const rows = keys.map((key) => {
    const { last, step, min, max } = run.metrics[key];
    const numbers = [formatNumber(last), formatCount(step), formatNumber(min), formatNumber(max)];
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, key),
      ...numbers.map((text) => element("td", { class: "number" }, text)),
    );
  });
  const heads = ["Last", "Step", "Min", "Max"].map((text) =>
    element("th", { scope: "col", class: "number" }, text),
  );
  return element(
    "table",
    {},
    element("caption", { class: "unseen" }, "Metrics"),
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Metric"), ...heads)),
    element("tbody", {}, ...rows),
  );
}
