// What the run table says when it has nothing to show.

import { element } from "./element.js";
import { copyBox } from "./copyBox.js";

/** @returns {HTMLElement} for a store without a run */
export function firstSteps() {
  const steps = [
    ["Look around with a few short trainings", "aviary demo"],
    ["Train a small network on Fashion-MNIST", "aviary train resnet8-fashion-mnist"],
    ["List runs in the terminal", "aviary runs list"],
  ];
  return element(
    "section",
    { class: "empty" },
    element("h2", {}, "No runs yet"),
    element(
      "p",
      {},
      "A run is one training: what it was given, what it measured, how it ended. " +
        "Start one in the folder of this store, and it appears here while it trains.",
    ),
    element("ol", {}, ...steps.map(([title, command]) => element("li", {}, title, copyBox(command)))),
  );
}

/** @param {() => void} clear @returns {HTMLElement} for a filter that nothing fits */
export function nothingFits(clear) {
  const button = element("button", { type: "button" }, "Clear the filter");
  button.addEventListener("click", clear);
  return element(
    "section",
    { class: "empty" },
    element("h2", {}, "No run fits"),
    element(
      "p",
      {},
      "Every word has to be found in a run's name, id, experiment, status, params or tags. " +
        "What compares asks the server: metrics.loss < 0.1 AND params.lr > 0.001, " +
        "status = 'FAILED', start_time > now() - 2h.",
    ),
    button,
  );
}
