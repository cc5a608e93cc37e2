// One metric of one or more runs over an axis. Two canvases: pointing never draws the lines again.

import {
  clipped,
  drawAxes,
  drawBand,
  drawCrosshair,
  drawDot,
  drawLine,
  drawMarks,
  drawSelection,
  layOut,
} from "./draw.js";
import { beforeNextFrame } from "./frame.js";
import { followGestures } from "./gestures.js";
import { Layer } from "./layer.js";
import { inks } from "./palette.js";
import { placeText, readingsAt, summaryText, valueText } from "./reading.js";
import { extentX, extentY, lowerBound, nonPositiveCount, smooth } from "./reduce.js";
import { seriesTable } from "./table.js";
import { Tooltip } from "./tooltip.js";
import { counted, formatNumber } from "../text/format.js";

/** @typedef {import("./cursor.js").Cursor} Cursor */
/** @typedef {import("./draw.js").Plot} Plot */
/** @typedef {import("./reading.js").Line} Line */
/**
 * What all charts of a page have in common.
 * @typedef {object} View
 * @property {import("../api/types.js").Axis} axis
 * @property {number | null} from the zoomed range; null shows all
 * @property {number | null} to
 * @property {number} smoothing 0 to 0.999
 * @property {boolean} logarithmic whether the y axis is
 */
/** @typedef {(from: number | null, to: number | null) => void} ZoomListener */

export class LineChart {
  element = document.createElement("figure");
  plotElement = document.createElement("div");
  /** Whether it is on the screen; drawing waits until it is. */
  visible = false;
  #base = new Layer("plot-base");
  #overlay = new Layer("plot-overlay");
  #tooltip = new Tooltip();
  #readout = document.createElement("output");
  #note = document.createElement("p");
  #spoken = document.createElement("p");
  #table = document.createElement("details");
  #tableFrame = document.createElement("div");
  /** Whether an answer has come; before it, nothing is said of missing points. */
  #isAnswered = false;
  /** @type {Line[]} */
  #lines = [];
  /** @type {Float64Array[]} what is drawn: smoothed if the view says so */
  #shown = [];
  /** @type {Plot | null} */
  #plot = null;
  /** @type {[number, number] | null} */
  #selection = null;
  /** @type {number | null} where the pointer is, while it is over this chart */
  #pointerY = null;
  #cursor;
  #onZoom;
  #view;
  #key;

  /** @param {string} key @param {{ cursor: Cursor, view: View, onZoom: ZoomListener }} setting */
  constructor(key, { cursor, view, onZoom }) {
    this.#key = key;
    this.#cursor = cursor;
    this.#view = view;
    this.#onZoom = onZoom;
    this.#assemble();
    followGestures(this.plotElement, this.#gestures());
    new ResizeObserver(() => this.#resize()).observe(this.plotElement);
    this.stopListening = cursor.listen(() => beforeNextFrame(this.#drawOverlay));
  }

  /** @param {Line[]} lines */
  setLines(lines) {
    this.#lines = lines;
    this.#isAnswered = true;
    const points = lines.reduce((sum, line) => sum + line.columns.pointCount, 0);
    this.element.dataset.points = String(points);
    this.redraw();
    if (this.#table.open) this.#fillTable();
  }

  /** @param {View} view */
  setView(view) {
    if (view.axis !== this.#view.axis) {
      this.#lines = []; // steps must not be drawn as times while the answer is on its way
      this.#isAnswered = false;
    }
    this.#view = view;
    this.redraw();
  }

  redraw() {
    if (this.visible) beforeNextFrame(this.#draw);
  }

  #assemble() {
    const head = document.createElement("figcaption");
    const title = document.createElement("h4");
    title.textContent = this.#key;
    this.#readout.className = "chart-readout";
    this.#readout.setAttribute("aria-live", "off");
    head.append(title, this.#readout);
    this.plotElement.className = "plot";
    this.plotElement.tabIndex = 0;
    this.plotElement.setAttribute("role", "img");
    this.plotElement.setAttribute("aria-describedby", "chart-help");
    this.plotElement.append(this.#base.element, this.#overlay.element, this.#tooltip.element);
    this.#note.className = "chart-note";
    this.#spoken.className = "unseen";
    this.#spoken.setAttribute("aria-live", "polite");
    const summary = document.createElement("summary");
    summary.textContent = "Data table";
    this.#table.className = "chart-table";
    this.#tableFrame.className = "table-frame";
    this.#tableFrame.tabIndex = 0;
    this.#tableFrame.setAttribute("role", "region");
    this.#tableFrame.setAttribute("aria-label", `${this.#key}, data table`);
    this.#table.append(summary, this.#tableFrame);
    this.#table.addEventListener("toggle", () => this.#table.open && this.#fillTable());
    this.element.className = "chart";
    this.element.dataset.key = this.#key;
    this.element.append(head, this.plotElement, this.#note, this.#table, this.#spoken);
  }

  #resize() {
    const { clientWidth, clientHeight } = this.plotElement;
    if (clientWidth === 0 || (clientWidth === this.#base.width && clientHeight === this.#base.height)) return;
    this.#base.resize(clientWidth, clientHeight);
    this.#overlay.resize(clientWidth, clientHeight);
    this.#draw(); // at once: a resized canvas is blank until it is drawn
  }

  #fillTable() {
    // The frame stays, and with it how far the reader has scrolled.
    this.#tableFrame.replaceChildren(seriesTable(this.#key, this.#lines, this.#view.axis));
  }

  /** @returns {[number, number] | null} */
  #domainX() {
    const { axis, from, to } = this.#view;
    if (from !== null && to !== null) return [from, to];
    return extentX(
      this.#lines.map((line) => line.columns),
      axis === "step" ? 1 : 1000,
    );
  }

  #draw = () => {
    if (this.#base.width === 0) return;
    const columns = this.#lines.map((line) => line.columns);
    const domainX = this.#domainX();
    const domainY = domainX && extentY(columns, domainX, this.#view.logarithmic);
    this.#base.clear();
    this.#plot = null;
    this.plotElement.setAttribute("aria-label", summaryText(this.#key, this.#lines, this.#view.axis));
    this.#note.textContent = this.#noteText(domainY !== null);
    if (domainX && domainY) this.#drawLines(domainX, domainY);
    this.#drawOverlay();
  };

  /** @param {[number, number]} domainX @param {[number, number]} domainY */
  #drawLines(domainX, domainY) {
    const { context } = this.#base;
    const colours = inks();
    const plot = layOut(context, this.#base, domainX, domainY, this.#view, colours);
    const { smoothing } = this.#view;
    const span = domainX[1] - domainX[0];
    this.#shown = this.#lines.map(({ columns }) =>
      smoothing > 0 ? smooth(columns.x, columns.mean, smoothing, span) : columns.line,
    );
    this.#plot = plot;
    drawAxes(context, plot, colours);
    clipped(context, plot, () => {
      this.#lines.forEach(({ columns, slot }, n) => {
        const colour = colours.series[slot];
        drawBand(context, plot, columns, colour);
        if (smoothing > 0)
          drawLine(context, plot, columns.x, columns.line, { colour, width: 1, alpha: 0.35 });
        drawLine(context, plot, columns.x, this.#shown[n], { colour, width: 1.75, alpha: 1 });
        drawMarks(context, plot, columns, colour);
      });
    });
  }

  /** @param {boolean} drawn @returns {string} */
  #noteText(drawn) {
    const columns = this.#lines.map((line) => line.columns);
    const said = [];
    const nanCount = columns.reduce((sum, { nanCount }) => sum + nanCount, 0);
    if (nanCount > 0) said.push(`× ${counted(nanCount, "value")} NaN`);
    if (this.#view.logarithmic) {
      const left = nonPositiveCount(columns);
      if (left > 0) said.push(`values up to 0 have no place on a log axis (${left} left out)`);
    }
    if (!drawn && this.#isAnswered && said.length === 0) {
      said.push(this.#view.from === null ? "no points yet" : "no points in this range");
    }
    return said.join(" · ");
  }

  #drawOverlay = () => {
    if (!this.visible || this.#overlay.width === 0) return;
    const { context } = this.#overlay;
    this.#overlay.clear();
    const plot = this.#plot;
    const x = this.#cursor.x;
    if (plot && this.#selection) drawSelection(context, plot, ...this.#selection, inks());
    const inside = plot && x !== null && x >= plot.x.domain[0] && x <= plot.x.domain[1];
    const readings = inside ? readingsAt(this.#lines, this.#shown, x) : [];
    this.#readout.textContent = this.#readoutText(readings);
    if (!inside) return this.#tooltip.hide();
    drawCrosshair(context, plot, plot.x.place(x), inks());
    for (const { line, x: at, shown } of readings) {
      const y = plot.y.place(shown);
      if (Number.isNaN(y) || at < plot.x.domain[0] || at > plot.x.domain[1]) continue;
      context.fillStyle = inks().series[line.slot];
      drawDot(context, plot.x.place(at), y, 3.5);
    }
    this.#showTooltip(readings, plot, x);
  };

  /** @param {import("./reading.js").Reading[]} readings @param {Plot} plot @param {number} x */
  #showTooltip(readings, plot, x) {
    if (this.#pointerY === null) return this.#tooltip.hide();
    const y = this.#pointerY;
    const distance = (/** @type {number} */ value) => {
      const away = Math.abs(plot.y.place(value) - y);
      return Number.isNaN(away) ? Infinity : away;
    };
    const sorted = readings.sort((a, b) => distance(a.shown) - distance(b.shown) || 0);
    const view = { axis: this.#view.axis, smoothed: this.#view.smoothing > 0 };
    this.#tooltip.show(sorted, view, { x: plot.x.place(x), y, width: this.#overlay.width });
  }

  /**
   * @param {import("./reading.js").Reading[]} readings
   * @returns {string} the value at the cursor; the last one without a cursor
   */
  #readoutText(readings) {
    if (this.#lines.length !== 1) return "";
    const { columns } = this.#lines[0];
    if (readings.length === 0)
      return columns.x.length > 0 ? formatNumber(columns.line[columns.x.length - 1]) : "";
    const [{ index }] = readings;
    return `${valueText(readings[0], false)} · ${placeText(this.#view.axis, columns, index)}`;
  }

  /** @returns {import("./gestures.js").GestureTarget} */
  #gestures() {
    return {
      plot: () => this.#plot,
      point: (x, y) => {
        const plot = this.#plot;
        const over = plot && x !== null && x >= plot.left - 4 && x <= plot.right + 4;
        this.#pointerY = over ? y : null;
        this.#cursor.move(over ? plot.x.value(Math.min(Math.max(x, plot.left), plot.right)) : null, this);
        beforeNextFrame(this.#drawOverlay);
      },
      select: (span) => {
        this.#selection = span;
        beforeNextFrame(this.#drawOverlay);
      },
      zoom: (from, to) => {
        // Steps and milliseconds are whole numbers; a range of one of them still needs a length.
        const low = Math.floor(from);
        this.#onZoom(low, Math.max(Math.ceil(to), low + 1));
      },
      showAll: () => this.#onZoom(null, null),
      step: (count) => this.#step(count),
    };
  }

  /** @param {number} count */
  #step(count) {
    const columns = this.#lines.find((line) => line.columns.x.length > 0)?.columns;
    const plot = this.#plot;
    if (!columns || !plot) return;
    const first = lowerBound(columns.x, plot.x.domain[0]);
    const last = lowerBound(columns.x, plot.x.domain[1] + 1e-6) - 1;
    if (last < first) return;
    const now =
      this.#cursor.x === null ? (count > 0 ? first - 1 : last + 1) : lowerBound(columns.x, this.#cursor.x);
    const index = Math.min(Math.max(now + count, first), last);
    this.#pointerY = plot.top + 24;
    this.#cursor.move(columns.x[index], this);
    const readings = readingsAt(this.#lines, this.#shown, columns.x[index]);
    const values = readings.map((reading) => {
      const name = readings.length > 1 ? `${reading.line.label} ` : "";
      return name + valueText(reading, this.#view.smoothing > 0);
    });
    this.#spoken.textContent = `${placeText(this.#view.axis, columns, index)}: ${values.join(", ")}`;
  }
}
