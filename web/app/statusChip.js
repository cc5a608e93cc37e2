// A run's status: a word and a sign, never a colour alone.

import { element } from "./element.js";

/** @typedef {import("../api/types.js").RunInfo} RunInfo */

const words = {
  SCHEDULED: "Scheduled",
  RUNNING: "Running",
  FINISHED: "Finished",
  FAILED: "Failed",
  KILLED: "Killed",
};

/** @param {Pick<RunInfo, "status" | "stale">} run @returns {string} */
export function statusText(run) {
  return run.stale ? "Stale" : (words[run.status] ?? run.status);
}

/** @param {Pick<RunInfo, "status" | "stale">} run @returns {HTMLElement} */
export function statusChip(run) {
  const chip = element("span", { class: "chip" });
  updateChip(chip, run);
  return chip;
}

/** @param {HTMLElement} chip @param {Pick<RunInfo, "status" | "stale">} run */
export function updateChip(chip, run) {
  const state = run.stale ? "stale" : run.status.toLowerCase();
  if (chip.dataset.state === state) return;
  chip.dataset.state = state;
  chip.textContent = statusText(run);
  chip.title = run.stale ? "Still marked as running, but its recorder has sent no sign of life for 45 s" : "";
}
