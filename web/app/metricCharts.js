// The charts of one run or of several: one chart a key, grouped by prefix, under one toolbar and one cursor.

import { series } from "../api/client.js";
import { Cursor } from "../charts/cursor.js";
import { LineChart } from "../charts/line.js";
import { colourSlots, onSchemeChange } from "../charts/palette.js";
import { columnsOf } from "../charts/reduce.js";
import { ChartToolbar } from "./chartToolbar.js";
import { arrange, element } from "./element.js";
import { groupKeys } from "./metricGroups.js";
import { SeriesLoader } from "./seriesLoader.js";

/** @typedef {import("../api/types.js").RunInfo} RunInfo */
/** @typedef {import("../api/types.js").SeriesAnswer} SeriesAnswer */
/** @typedef {import("../charts/line.js").View} View */

export class MetricCharts {
  element = element("div", { class: "charts" });
  #groups = element("div", { class: "chart-groups" });
  #empty = element("p", { class: "hint", hidden: true }, "No metric has been logged yet.");
  #cursor = new Cursor();
  /** @type {Map<string, LineChart>} */
  #charts = new Map();
  /** @type {Map<string, HTMLElement>} sections by prefix */
  #sections = new Map();
  /** @type {Map<Element, string>} keys by figure */
  #keys = new Map();
  /** @type {RunInfo[]} */
  #runs = [];
  #slots = /** @type {Map<string, number>} */ (new Map());
  #toolbar;
  #loader;
  #view;
  #onView;

  /**
   * @param {object} setting
   * @param {View} setting.view
   * @param {(view: View) => void} setting.onView after the reader has changed it
   * @param {(problem: unknown) => void} setting.onProblem null when questions are answered again
   */
  constructor({ view, onView, onProblem }) {
    this.#view = view;
    this.#onView = onView;
    this.#toolbar = new ChartToolbar((part) => this.#change(part));
    this.#toolbar.show(view);
    this.#loader = new SeriesLoader({
      question: () => this.#question(),
      isShown: (key) => this.#charts.get(key)?.visible ?? false,
      ask: series,
      deliver: (key, answers) => {
        onProblem(null);
        this.#deliver(key, answers);
      },
      fail: onProblem,
    });
    this.#sight = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: "200px" });
    this.element.append(this.#toolbar.element, this.#empty, this.#groups);
    onSchemeChange(() => this.#charts.forEach((chart) => chart.redraw()));
  }

  /** @param {RunInfo[]} runs whose charts are shown; what they have logged is asked for again */
  setRuns(runs) {
    this.#runs = runs;
    this.#slots = colourSlots(runs.map((run) => run.id));
    const keys = runs.flatMap((run) => Object.keys(run.metrics));
    this.#arrange(groupKeys(keys));
    this.#empty.hidden = keys.length > 0;
    this.#loader.want(this.#charts.keys());
  }

  /** @param {string} run @returns {number} the slot of its colour */
  slot(run) {
    return this.#slots.get(run) ?? 0;
  }

  /** @param {import("./metricGroups.js").MetricGroup[]} groups */
  #arrange(groups) {
    const wanted = new Set(groups.flatMap((group) => group.keys));
    for (const [key, chart] of this.#charts) {
      if (wanted.has(key)) continue;
      chart.stopListening();
      this.#sight.unobserve(chart.element);
      this.#keys.delete(chart.element);
      this.#charts.delete(key);
    }
    const sections = groups.map((group) => {
      const section = this.#section(group.name);
      arrange(
        section.lastElementChild ?? section,
        group.keys.map((key) => this.#chart(key).element),
      );
      return section;
    });
    arrange(this.#groups, sections);
  }

  /** @param {string} name @returns {HTMLElement} */
  #section(name) {
    const known = this.#sections.get(name);
    if (known) return known;
    const title = element("summary", {}, element("h3", {}, name || "other"));
    const made = element(
      "details",
      { class: "chart-group", open: true },
      title,
      element("div", { class: "chart-grid" }),
    );
    this.#sections.set(name, made);
    return made;
  }

  /** @param {string} key @returns {LineChart} */
  #chart(key) {
    const known = this.#charts.get(key);
    if (known) return known;
    const setting = {
      cursor: this.#cursor,
      view: this.#view,
      onZoom: (/** @type {number | null} */ from, /** @type {number | null} */ to) =>
        this.#change({ from, to }),
    };
    const chart = new LineChart(key, setting);
    this.#charts.set(key, chart);
    this.#keys.set(chart.element, key);
    this.#sight.observe(chart.element);
    return chart;
  }

  /** @type {IntersectionObserver} */
  #sight;

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    for (const entry of entries) {
      const chart = this.#charts.get(this.#keys.get(entry.target) ?? "");
      if (!chart) continue;
      chart.visible = entry.isIntersecting;
      chart.redraw();
    }
    this.#loader.go();
  }

  /** @param {Partial<View>} part */
  #change(part) {
    const before = this.#view;
    this.#view = { ...before, ...part };
    this.#toolbar.show(this.#view);
    const isAnotherAxis = this.#view.axis !== before.axis;
    for (const chart of this.#charts.values()) chart.setView(this.#view);
    this.#onView(this.#view);
    if (isAnotherAxis || this.#view.from !== before.from || this.#view.to !== before.to) {
      this.#loader.restart(this.#charts.keys());
    }
  }

  /** @returns {Omit<import("../api/types.js").SeriesQuestion, "keys">} */
  #question() {
    const { axis, from, to } = this.#view;
    const shown = [...this.#charts.values()].find(
      (chart) => chart.visible && chart.plotElement.clientWidth > 0,
    );
    const width = shown?.plotElement.clientWidth ?? 500;
    // A little more than is shown, so that the lines run out of the picture.
    const beyond = from !== null && to !== null ? Math.ceil((to - from) * 0.05) : 0;
    return {
      runs: this.#runs.map((run) => run.id),
      x: axis,
      from: from === null ? null : from - beyond,
      to: to === null ? null : to + beyond,
      buckets: Math.min(Math.max(width, 100), 1000),
    };
  }

  /** @param {string} key @param {SeriesAnswer[]} answers */
  #deliver(key, answers) {
    const byRun = new Map(answers.map((answer) => [answer.run, answer]));
    const lines = this.#runs.flatMap((run) => {
      const answer = byRun.get(run.id);
      if (!answer || answer.buckets.length === 0) return [];
      return [{ run: run.id, label: run.name, slot: this.slot(run.id), columns: columnsOf(answer) }];
    });
    this.#charts.get(key)?.setLines(lines);
  }
}
