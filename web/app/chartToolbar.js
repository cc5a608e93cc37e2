// The controls that all charts of a page obey.

import { element } from "./element.js";

/** @typedef {import("../charts/line.js").View} View */

/** @type {[View["axis"], string][]} */
const axes = [
  ["step", "Step"],
  ["relative", "Time since start"],
  ["time", "Clock time"],
];

export class ChartToolbar {
  element = element("div", { class: "toolbar chart-toolbar", role: "group", "aria-label": "Charts" });
  #axis = element(
    "select",
    { id: "axis" },
    ...axes.map(([value, text]) => element("option", { value }, text)),
  );
  #smoothing = element("input", { id: "smoothing", type: "range", min: 0, max: 0.999, step: 0.001 });
  #smoothingText = element("output", { for: "smoothing", class: "smoothing-text" });
  #logarithmic = element("input", { id: "logarithmic", type: "checkbox" });
  #showAll = element("button", { type: "button", hidden: true }, "Show all");

  /** @param {(part: Partial<View>) => void} onChange */
  constructor(onChange) {
    this.element.append(
      element("label", { for: "axis" }, "X axis ", this.#axis),
      element("label", { for: "smoothing" }, "Smoothing ", this.#smoothing, this.#smoothingText),
      element("label", { for: "logarithmic" }, this.#logarithmic, " Log y"),
      this.#showAll,
      element(
        "p",
        { id: "chart-help", class: "unseen" },
        "Arrow keys read values, plus and minus zoom, Escape shows everything.",
      ),
    );
    this.#axis.addEventListener("change", () => {
      // A zoomed range of steps means nothing on a clock.
      onChange({ axis: /** @type {View["axis"]} */ (this.#axis.value), from: null, to: null });
    });
    this.#smoothing.addEventListener("input", () => onChange({ smoothing: Number(this.#smoothing.value) }));
    this.#logarithmic.addEventListener("change", () => onChange({ logarithmic: this.#logarithmic.checked }));
    this.#showAll.addEventListener("click", () => onChange({ from: null, to: null }));
  }

  /** @param {View} view */
  show(view) {
    this.#axis.value = view.axis;
    this.#smoothing.value = String(view.smoothing);
    this.#smoothingText.textContent = view.smoothing.toFixed(view.smoothing > 0.99 ? 3 : 2);
    this.#logarithmic.checked = view.logarithmic;
    this.#showAll.hidden = view.from === null;
  }
}
