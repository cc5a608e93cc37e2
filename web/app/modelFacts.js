// What is known of a published model, as pairs of a list.

import { formatBytes, formatCount, formatNumber } from "../text/format.js";
import { element } from "./element.js";

/** @typedef {import("../api/types.js").ModelInfo} ModelInfo */

/** @param {ModelInfo} model @returns {HTMLElement} */
export function figureList(model) {
  const figures = Object.entries(model.figures ?? {}).map(([name, value]) =>
    element(
      "div",
      { class: "figure" },
      element("dt", {}, name),
      element("dd", {}, typeof value === "number" ? formatNumber(value) : value),
    ),
  );
  return element("dl", { class: "figures" }, ...figures);
}

/** @param {ModelInfo} model @returns {[string, Node | string][]} */
export function modelFacts(model) {
  /** @type {[string, Node | string | null][]} */
  const facts = [
    ["Task", model.task],
    ["Dataset", model.dataset],
    ["Parameters", model.parameters ? formatCount(model.parameters) : null],
    ["Licence", model.licence],
    ["Size", model.bytes ? formatBytes(model.bytes) : null],
    ["Recipe", model.recipe ? element("code", {}, model.recipe) : null],
    ["Trained by run", model.run ? element("code", { class: "wrap" }, model.run) : null], // often not in this store
    ["SHA-256", model.sha256 ? element("code", { class: "wrap" }, model.sha256) : null],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, value]] : []));
}
