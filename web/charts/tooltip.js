// The box beside the pointer: the runs at this place, nearest to the pointer first.

import { placeText, rangeText, valueText } from "./reading.js";

/** @typedef {import("./reading.js").Reading} Reading */

const mostRows = 10;

export class Tooltip {
  element = document.createElement("div");

  constructor() {
    this.element.className = "tooltip";
    this.element.hidden = true;
    this.element.setAttribute("aria-hidden", "true"); // the caption and the live region say the same
  }

  hide() {
    this.element.hidden = true;
  }

  /**
   * @param {Reading[]} readings
   * @param {{ axis: import("../api/types.js").Axis, smoothed: boolean }} view
   * @param {{ x: number, y: number, width: number }} place of the pointer, and the plot's width
   */
  show(readings, view, place) {
    if (readings.length === 0) return this.hide();
    const [first] = readings;
    const head = document.createElement("p");
    head.textContent = placeText(view.axis, first.line.columns, first.index);
    const rows = readings.slice(0, mostRows).map((reading) => row(reading, view.smoothed));
    this.element.replaceChildren(head, ...rows);
    if (readings.length > mostRows) {
      const more = document.createElement("p");
      more.textContent = `and ${readings.length - mostRows} more`;
      this.element.append(more);
    }
    this.element.hidden = false;
    this.#stand(place);
  }

  /** @param {{ x: number, y: number, width: number }} place */
  #stand({ x, y, width }) {
    const own = this.element.offsetWidth;
    const left = x + 14 + own <= width ? x + 14 : Math.max(0, x - 14 - own);
    this.element.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(0, y - 20))}px)`;
  }
}

/** @param {Reading} reading @param {boolean} smoothed @returns {HTMLElement} */
function row(reading, smoothed) {
  const line = document.createElement("div");
  line.className = `tooltip-row series-${reading.line.slot + 1}`;
  for (const [name, text] of [
    ["swatch", ""],
    ["tooltip-label", reading.line.label],
    ["tooltip-value", valueText(reading, smoothed)],
    ["tooltip-range", rangeText(reading)],
  ]) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    line.append(part);
  }
  return line;
}
