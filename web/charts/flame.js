// Where the bars of a profile lie: one a layer, its phases above, the operations of each phase below. Pure.

import { figuresText, milliseconds } from "../text/profile.js";

/** @typedef {import("../text/profile.js").Phase} Phase */
/** @typedef {import("../text/profile.js").Profile} Profile */
/** @typedef {import("../text/profile.js").ProfileRow} ProfileRow */

/**
 * A part of a bar, from and to in shares of the chart's width.
 * @typedef {{ from: number, to: number, phase: Phase, label: string, text: string }} Segment
 *
 * @typedef {object} Bar
 * @property {string} name
 * @property {string | null} kind
 * @property {number} nanoseconds
 * @property {string} text what is to be said of it
 * @property {string} summary the same with its phases, for those who do not see it
 * @property {Segment[]} phases
 * @property {Segment[]} operations
 */

/** @type {Phase[]} in the order of a step */
const order = ["data", "forward", "backward", "update", "other"];

/** @type {Record<Phase, string>} */
export const phaseNames = {
  data: "Data",
  forward: "Forward",
  backward: "Backward",
  update: "Update",
  other: "Between",
};

/** @param {Profile} profile @returns {Bar[]} in the order of its layers; the slowest is as wide as the chart */
export function flameBars(profile) {
  const slowest = Math.max(1, ...profile.layers.map((layer) => layer.nanoseconds));
  return profile.layers.map((layer) => {
    const rows = profile.rows.filter((row) => row.layer === layer.name);
    const { phases, operations } = segments(rows, slowest, profile.stepNanoseconds);
    const text = figuresText(layer, profile.stepNanoseconds);
    const parts = phases.map((phase) => `${phase.label.toLowerCase()} ${phase.text}`);
    const head = layer.kind === null ? layer.name : `${layer.name}, ${layer.kind}`;
    return {
      name: layer.name,
      kind: layer.kind,
      nanoseconds: layer.nanoseconds,
      text,
      summary: `${head}: ${text}; ${parts.join(", ")}`,
      phases,
      operations,
    };
  });
}

/**
 * @param {ProfileRow[]} rows of one layer
 * @param {number} scale nanoseconds of the chart's width
 * @param {number} whole nanoseconds of the step
 * @returns {{ phases: Segment[], operations: Segment[] }}
 */
function segments(rows, scale, whole) {
  /** @type {Segment[]} */
  const phases = [];
  /** @type {Segment[]} */
  const operations = [];
  let end = 0;
  for (const phase of order) {
    const from = end;
    for (const row of rows.filter((row) => row.phase === phase)) {
      const to = end + row.nanoseconds;
      const text = figuresText(row, whole);
      operations.push({ from: end / scale, to: to / scale, phase, label: row.operation, text });
      end = to;
    }
    if (end === from) continue;
    const label = phaseNames[phase];
    phases.push({ from: from / scale, to: end / scale, phase, label, text: milliseconds(end - from) });
  }
  return { phases, operations };
}

/**
 * Where a key leads from a place among bars and their segments; the segment -1 is the bar itself.
 * @param {string} key
 * @param {{ bar: number, segment: number }} place
 * @param {number[]} counts segments of each bar
 * @returns {{ bar: number, segment: number } | null} null where the key means nothing here
 */
export function flameMove(key, { bar, segment }, counts) {
  const last = counts.length - 1;
  switch (key) {
    case "ArrowDown":
      return { bar: Math.min(last, bar + 1), segment: -1 };
    case "ArrowUp":
      return { bar: Math.max(0, bar - 1), segment: -1 };
    case "Home":
      return { bar: 0, segment: -1 };
    case "End":
      return { bar: last, segment: -1 };
    case "ArrowRight":
      return { bar, segment: Math.min(counts[bar] - 1, segment + 1) };
    case "ArrowLeft":
      return { bar, segment: Math.max(-1, segment - 1) };
    default:
      return null;
  }
}
