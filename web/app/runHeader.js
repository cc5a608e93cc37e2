// Who the run is, how it stands, and its leading numbers.

import { formatAgo, formatCount, formatDate, formatDuration, formatNumber } from "../text/format.js";
import { arrange, byID, element, rebuildIfChanged, setText } from "./element.js";
import { leadingKeys } from "./metricGroups.js";
import { durationOf } from "./runColumns.js";
import { statusChip, statusText, updateChip } from "./statusChip.js";

/** @typedef {import("../api/types.js").RunInfo} RunInfo */

export class RunHeader {
  #chip = statusChip({ status: "SCHEDULED", stale: false });
  /** @type {Map<string, HTMLElement>} */
  #figures = new Map();

  /** @param {RunInfo} run @param {number} now */
  show(run, now) {
    if (!this.#chip.isConnected) byID("status").replaceChildren(this.#chip);
    updateChip(this.#chip, run);
    setText(byID("name"), run.name);
    setText(byID("run-id"), run.id);
    const experiment = /** @type {HTMLAnchorElement} */ (byID("experiment"));
    setText(experiment, run.experiment);
    experiment.href = `/?${new URLSearchParams({ experiment: run.experiment })}`;
    document.title = `${run.name} · ${statusText(run)} · Aviary`;
    this.showTimes(run, now);
    this.#showFigures(run);
    showPairs(byID("params"), run.params, "This run was given no params.");
    showPairs(byID("tags"), run.tags, "No tags.");
  }

  /** @param {RunInfo} run @param {number} now */
  showTimes(run, now) {
    const started = byID("started");
    setText(started, formatAgo(run.startTime, now));
    started.title = formatDate(run.startTime);
    setText(byID("duration"), run.stale ? "unknown" : formatDuration(durationOf(run, now)));
    const steps = Object.values(run.metrics).map((metric) => metric.step);
    setText(byID("last-step"), steps.length > 0 ? formatCount(Math.max(...steps)) : "–");
  }

  /** @param {RunInfo} run */
  #showFigures(run) {
    const keys = leadingKeys(Object.keys(run.metrics), 4);
    arrange(
      byID("figures"),
      keys.map((key) => {
        const figure =
          this.#figures.get(key) ??
          element(
            "div",
            { class: "figure" },
            element("dt", {}, key),
            element("dd", {}),
            element("dd", { class: "figure-note" }),
          );
        this.#figures.set(key, figure);
        const { last, min, max } = run.metrics[key];
        const best = /loss|error|perplexity/i.test(key)
          ? `min ${formatNumber(min)}`
          : `max ${formatNumber(max)}`;
        setText(figure.children[1], formatNumber(last));
        setText(figure.children[2], best);
        return figure;
      }),
    );
  }
}

/** @param {HTMLElement} place @param {Record<string, string>} pairs @param {string} none */
function showPairs(place, pairs, none) {
  const sorted = Object.entries(pairs).sort(([a], [b]) => a.localeCompare(b));
  rebuildIfChanged(place, sorted, () => {
    const rows = sorted.map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value)),
    );
    return [
      rows.length > 0 ? element("dl", { class: "pairs" }, ...rows) : element("p", { class: "hint" }, none),
    ];
  });
}
