// Selected runs beside each other: their curves, and what they do not have in common.

import { element, rebuildIfChanged } from "./element.js";
import { MetricCharts } from "./metricCharts.js";
import { differingKeys } from "./runColumns.js";
import { statusText } from "./statusChip.js";
import { formatNumber } from "../text/format.js";

/** @typedef {import("../api/types.js").RunInfo} RunInfo */

export class Comparison {
  element = element("div", { class: "comparison" });
  #legend = element("ul", { class: "legend", "aria-label": "Runs compared" });
  #differences = element("div", { class: "differences" });
  #charts;

  /** @param {ConstructorParameters<typeof MetricCharts>[0]} setting */
  constructor(setting) {
    this.#charts = new MetricCharts(setting);
    this.element.append(this.#legend, this.#charts.element, this.#differences);
  }

  /** @param {RunInfo[]} runs */
  show(runs) {
    this.#charts.setRuns(runs);
    const names = runs.map((run) => [run.id, run.name]);
    const numbers = runs.map((run) => [run.id, run.params, run.metrics]);
    rebuildIfChanged(this.#legend, names, () => runs.map((run) => this.#entry(run)));
    rebuildIfChanged(this.#differences, numbers, () => this.#tables(runs));
  }

  /** @param {RunInfo} run @returns {HTMLElement} */
  #entry(run) {
    const link = element("a", { href: `/runs/${run.id}` }, run.name);
    const swatch = element("span", { class: "swatch" });
    return element("li", { class: `series-${this.#charts.slot(run.id) + 1}` }, swatch, link);
  }

  /** @param {RunInfo[]} runs @returns {HTMLElement[]} */
  #tables(runs) {
    const metricKeys = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].sort();
    const paramKeys = differingKeys(runs.map((run) => run.params));
    const params =
      paramKeys.length > 0
        ? this.#table(runs, "Params that differ", paramKeys, (run, key) => run.params[key] ?? "–")
        : element("p", { class: "hint" }, "These runs were given the same params.");
    const metrics = this.#table(
      runs,
      "Last values",
      metricKeys,
      (run, key) => formatNumber(run.metrics[key]?.last),
      true,
    );
    return [element("h2", {}, "Differences"), params, metrics];
  }

  /**
   * @param {RunInfo[]} runs
   * @param {string} title
   * @param {string[]} keys
   * @param {(run: RunInfo, key: string) => string} text
   * @param {boolean} [isNumeric]
   * @returns {HTMLElement}
   */
  #table(runs, title, keys, text, isNumeric = false) {
    const heads = runs.map((run) => {
      const swatch = element("span", { class: `swatch series-${this.#charts.slot(run.id) + 1}` });
      return element(
        "th",
        { scope: "col", title: statusText(run), class: isNumeric ? "number" : null },
        swatch,
        run.name,
      );
    });
    const rows = keys.map((key) =>
      element(
        "tr",
        {},
        element("th", { scope: "row" }, key),
        ...runs.map((run) => element("td", { class: isNumeric ? "number" : null }, text(run, key))),
      ),
    );
    const table = element(
      "table",
      {},
      element("caption", {}, title),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Key"), ...heads)),
      element("tbody", {}, ...rows),
    );
    return element("div", { class: "table-frame", tabindex: 0, role: "region", "aria-label": title }, table);
  }
}
