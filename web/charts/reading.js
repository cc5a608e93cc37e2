// What a chart says at a place of its x axis: for the tooltip, the caption and a screen reader.

import { formatCount, formatDate, formatDuration, formatNumber } from "../text/format.js";
import { nearest } from "./reduce.js";

/** @typedef {import("../api/types.js").Axis} Axis */
/** @typedef {import("./reduce.js").Columns} Columns */
/**
 * @typedef {object} Line
 * @property {string} run
 * @property {string} label
 * @property {number} slot of its colour
 * @property {Columns} columns
 */
/**
 * @typedef {object} Reading
 * @property {Line} line
 * @property {number} index of the bucket
 * @property {number} x
 * @property {number} shown the value as drawn: smoothed when the chart smooths
 * @property {number} raw
 */

/**
 * The buckets nearest to a place, for each line that has one.
 * @param {Line[]} lines
 * @param {Float64Array[]} shown
 * @param {number} x
 * @returns {Reading[]}
 */
export function readingsAt(lines, shown, x) {
  return lines.flatMap((line, n) => {
    const index = nearest(line.columns.x, x);
    if (index < 0) return [];
    return [{ line, index, x: line.columns.x[index], shown: shown[n][index], raw: line.columns.line[index] }];
  });
}

/**
 * A bucket's place in words.
 * @param {Axis} axis
 * @param {Columns} columns
 * @param {number} index
 * @returns {string} "step 12", "steps 128–131", "2 min 5 s", "2026-03-01 12:00:05"
 */
export function placeText(axis, columns, index) {
  const middle = columns.x[index];
  if (axis === "time") return formatDate(middle);
  if (axis === "relative") return formatDuration(middle);
  if (columns.width === 1) return `step ${formatCount(middle)}`;
  const first = middle - (columns.width - 1) / 2;
  return `steps ${formatCount(first)}–${formatCount(first + columns.width - 1)}`;
}

/** @param {Reading} reading @param {boolean} smoothed @returns {string} */
export function valueText({ line: { columns }, index, shown, raw }, smoothed) {
  if (Number.isNaN(raw)) return columns.count[index] > 0 ? "not finite" : "–";
  return smoothed ? `${formatNumber(shown)} (raw ${formatNumber(raw)})` : formatNumber(raw);
}

/** @param {Reading} reading @returns {string} the range of a bucket of several points; "" for a single one */
export function rangeText({ line: { columns }, index }) {
  if (columns.count[index] < 2 || columns.low[index] === columns.high[index]) return "";
  if (Number.isNaN(columns.low[index])) return "";
  return `${formatNumber(columns.low[index])} to ${formatNumber(columns.high[index])}`;
}

/**
 * A chart in a sentence.
 * @param {string} key
 * @param {Line[]} lines
 * @param {Axis} axis
 * @returns {string}
 */
export function summaryText(key, lines, axis) {
  const drawn = lines.filter((line) => line.columns.x.length > 0);
  if (drawn.length === 0) return `${key}: no points`;
  const many = drawn.length > 1;
  const said = drawn.slice(0, 8).map(({ label, columns }) => {
    const end = columns.x.length - 1;
    const range = `from ${formatNumber(least(columns.low))} to ${formatNumber(greatest(columns.high))}`;
    const last = `last ${formatNumber(columns.line[end])} at ${placeText(axis, columns, end)}`;
    return `${many ? `${label}: ` : ""}${formatCount(columns.pointCount)} points, ${range}, ${last}`;
  });
  return `${key}. ${many ? `${drawn.length} runs. ` : ""}${said.join("; ")}.`;
}

/** @param {Float64Array} values @returns {number} of the finite ones */
function least(values) {
  return values.reduce((low, value) => (value < low || Number.isNaN(low) ? value : low), NaN);
}

/** @param {Float64Array} values @returns {number} of the finite ones */
function greatest(values) {
  return values.reduce((high, value) => (value > high || Number.isNaN(high) ? value : high), NaN);
}
