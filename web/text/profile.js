// A profile as `aviary profile` keeps it, read and put into words. Pure.

import { formatBytes, formatNumber } from "./format.js";

/**
 * @typedef {"data" | "forward" | "backward" | "update" | "other"} Phase
 *
 * @typedef {object} Figures
 * @property {number} calls
 * @property {number} nanoseconds
 * @property {number} flops
 * @property {number} bytes
 * @property {number} reorders
 * @property {number} flopsPerSecond
 * @property {number} share of the machine's limit
 *
 * @typedef {Figures & { operation: string, layer: string, kind: string | null, phase: Phase }} ProfileRow
 * @typedef {Figures & { name: string, kind: string | null }} ProfileGroup
 *
 * @typedef {object} Profile
 * @property {number} steps that were measured
 * @property {number} stepNanoseconds of the median step
 * @property {{ f32FlopsPerSecond: number, bf16FlopsPerSecond: number, bytesPerSecond: number }} limit
 * @property {ProfileRow[]} rows
 * @property {ProfileGroup[]} operations
 * @property {ProfileGroup[]} layers
 */

const phases = ["data", "forward", "backward", "update", "other"];
const figureNames = ["calls", "nanoseconds", "flops", "bytes", "reorders", "flopsPerSecond", "share"];

/**
 * @param {string} text
 * @returns {Profile} throws an Error that says what is wrong where it is none
 */
export function readProfile(text) {
  const json = JSON.parse(text);
  if (json?.version !== 1) throw new Error(`version ${json?.version} of a profile is not known here`);
  const limit = requireNumbers(json.limit, "limit", [
    "f32FlopsPerSecond",
    "bf16FlopsPerSecond",
    "bytesPerSecond",
  ]);
  return {
    steps: requireNumbers(json, "the profile", ["steps"]).steps,
    stepNanoseconds: requireNumbers(json.step, "step", ["nanoseconds"]).nanoseconds,
    limit: /** @type {Profile["limit"]} */ (limit),
    rows: entries(json.rows, "rows", ["operation", "layer"]).map((row) => {
      if (!phases.includes(row.phase)) throw new Error(`'${row.phase}' is no phase of a step`);
      return row;
    }),
    operations: entries(json.operations, "operations", ["name"]),
    layers: entries(json.layers, "layers", ["name"]),
  };
}

/** @param {any} list @param {string} name @param {string[]} texts @returns {any[]} */
function entries(list, name, texts) {
  if (!Array.isArray(list)) throw new Error(`'${name}' is no list`);
  return list.map((entry, at) => {
    const numbers = requireNumbers(entry, `${name}[${at}]`, figureNames);
    for (const key of texts) {
      if (typeof entry[key] !== "string") throw new Error(`${name}[${at}] has no '${key}'`);
    }
    return { ...entry, ...numbers, kind: typeof entry.kind === "string" ? entry.kind : null };
  });
}

/** @param {any} value @param {string} name @param {string[]} keys @returns {Record<string, number>} */
function requireNumbers(value, name, keys) {
  /** @type {Record<string, number>} */
  const numbers = {};
  for (const key of keys) {
    const number = value?.[key];
    if (typeof number !== "number" || number < 0) throw new Error(`${name} has no number '${key}'`);
    numbers[key] = number;
  }
  return numbers;
}

/** @param {number} nanoseconds @returns {string} "4.213 ms" */
export function milliseconds(nanoseconds) {
  return `${formatNumber(nanoseconds / 1e6)} ms`;
}

/** @param {number} share @returns {string} "12.3 %" */
export function percent(share) {
  return `${formatNumber(Math.round(share * 1000) / 10)} %`;
}

/** @param {number} rate floating-point operations a second @returns {string} "120.4 GFLOP/s" */
export function gigaflops(rate) {
  return `${formatNumber(rate / 1e9)} GFLOP/s`;
}

/** @param {Figures} figures @param {number} whole nanoseconds of the step @returns {string} one line */
export function figuresText(figures, whole) {
  const parts = [
    `${milliseconds(figures.nanoseconds)}, ${percent(figures.nanoseconds / Math.max(1, whole))} of the step`,
  ];
  if (figures.flops > 0) parts.push(gigaflops(figures.flopsPerSecond));
  if (figures.bytes > 0) parts.push(formatBytes(figures.bytes));
  if (figures.flops > 0 || figures.bytes > 0) parts.push(`${percent(figures.share)} of the limit`);
  if (figures.reorders > 0)
    parts.push(`${formatNumber(figures.reorders)} reorder${figures.reorders === 1 ? "" : "s"}`);
  return parts.join(" · ");
}
