// What the columns of the run table are called, show and sort by. Pure.

import { formatAgo, formatDate, formatDuration, formatNumber } from "../text/format.js";
import { leadingKeys } from "./metricGroups.js";
import { statusText } from "./statusChip.js";

/** @typedef {import("../api/types.js").RunInfo} RunInfo */
/**
 * A column's name is `name`, `status`, `started`, `duration`, `experiment`, `metrics.KEY`, `params.KEY` or `tags.KEY`.
 * @typedef {string} ColumnName
 */

const titles = new Map([
  ["name", "Name"],
  ["status", "Status"],
  ["started", "Started"],
  ["duration", "Duration"],
  ["experiment", "Experiment"],
]);

/** @param {ColumnName} column @returns {string} */
export function columnTitle(column) {
  return titles.get(column) ?? keyOf(column);
}

/** @param {ColumnName} column @returns {string} the part after the first dot */
function keyOf(column) {
  return column.slice(column.indexOf(".") + 1);
}

/** @param {ColumnName} column @returns {boolean} whether numbers stand in it, flush right */
export function isNumeric(column) {
  return column.startsWith("metrics.") || column === "duration";
}

/** @param {RunInfo} run @param {number} now @returns {number} milliseconds it has taken so far */
export function durationOf(run, now) {
  return Math.max(0, (run.endTime ?? now) - run.startTime);
}

/**
 * What a cell shows.
 * @param {RunInfo} run
 * @param {ColumnName} column
 * @param {number} now
 * @returns {{ text: string, title: string }}
 */
export function cellText(run, column, now) {
  const key = keyOf(column);
  switch (column.split(".", 1)[0]) {
    case "name":
      return { text: run.name, title: run.id };
    case "status":
      return { text: statusText(run), title: "" };
    case "started":
      return { text: formatAgo(run.startTime, now), title: formatDate(run.startTime) };
    case "duration":
      return { text: run.stale ? "–" : formatDuration(durationOf(run, now)), title: "" };
    case "experiment":
      return { text: run.experiment, title: "" };
    case "metrics":
      return metricText(run.metrics[key]);
    case "params":
      return { text: run.params[key] ?? "", title: "" };
    case "tags":
      return { text: run.tags[key] ?? "", title: "" };
    default:
      return { text: "", title: "" };
  }
}

/** @param {import("../api/types.js").MetricSummary | undefined} metric */
function metricText(metric) {
  if (!metric) return { text: "", title: "" };
  const range = `min ${formatNumber(metric.min)}, max ${formatNumber(metric.max)}`;
  return { text: formatNumber(metric.last), title: `${metric.last} at step ${metric.step}, ${range}` };
}

/**
 * @param {RunInfo} run
 * @param {ColumnName} column
 * @param {number} now
 * @returns {number | string | null} null for nothing to sort by
 */
function sortValue(run, column, now) {
  const key = keyOf(column);
  switch (column.split(".", 1)[0]) {
    case "started":
      return run.startTime;
    case "duration":
      return durationOf(run, now);
    case "metrics":
      return run.metrics[key]?.last ?? null;
    default:
      return cellText(run, column, now).text || null;
  }
}

/**
 * Sorts runs; those with nothing to sort by, or NaN, stand last either way, and equal ones newest first.
 * @param {RunInfo[]} runs
 * @param {string} sort a column, "-" before it when the greatest comes first; "" for the newest
 * @param {number} now
 * @returns {RunInfo[]} a new array
 */
export function sortRuns(runs, sort, now) {
  const column = sort.replace(/^-/, "") || "started";
  const sign = sort === "" || sort.startsWith("-") ? -1 : 1;
  const keyed = runs.map((run) => ({ run, value: sortValue(run, column, now) }));
  keyed.sort((a, b) => {
    const none = Number(isNothing(a.value)) - Number(isNothing(b.value));
    if (none !== 0) return none;
    const order = isNothing(a.value) ? 0 : sign * compare(a.value, b.value);
    return order || b.run.startTime - a.run.startTime || a.run.id.localeCompare(b.run.id);
  });
  return keyed.map(({ run }) => run);
}

/** @param {number | string | null} value */
function isNothing(value) {
  return value === null || Number.isNaN(value);
}

const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/**
 * @param {number | string | null} a
 * @param {number | string | null} b
 * @returns {number} numbers as numbers, wherever both read as one
 */
function compare(a, b) {
  const [left, right] = [Number(a), Number(b)];
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left === right ? 0 : left < right ? -1 : 1;
  return words.compare(String(a), String(b));
}

/**
 * The columns of a table nobody has arranged: the leading metrics, and the params in which the runs differ.
 * @param {RunInfo[]} runs
 * @param {boolean} isOneExperiment
 * @returns {ColumnName[]}
 */
export function defaultColumns(runs, isOneExperiment) {
  const metrics = leadingKeys(
    runs.flatMap((run) => Object.keys(run.metrics)),
    4,
  );
  return [
    "started",
    "duration",
    ...(isOneExperiment ? [] : ["experiment"]),
    ...metrics.map((key) => `metrics.${key}`),
    ...differingKeys(runs.map((run) => run.params))
      .slice(0, 3)
      .map((key) => `params.${key}`),
  ];
}

/**
 * @param {Record<string, string>[]} all
 * @returns {string[]} keys whose value is not the same in all of them, sorted
 */
export function differingKeys(all) {
  if (all.length < 2) return [];
  const keys = [...new Set(all.flatMap((one) => Object.keys(one)))].sort();
  return keys.filter((key) => all.some((one) => one[key] !== all[0][key]));
}

/** @param {RunInfo[]} runs @returns {ColumnName[]} all there are to choose from */
export function possibleColumns(runs) {
  const keys = (/** @type {"metrics" | "params" | "tags"} */ kind) =>
    [...new Set(runs.flatMap((run) => Object.keys(run[kind])))].sort().map((key) => `${kind}.${key}`);
  return ["started", "duration", "experiment", ...keys("metrics"), ...keys("params"), ...keys("tags")];
}

const operator = /[=<>!~]|\b(?:i?like\b|in\s*\(|is\s+(?:not\s+)?null\b)/i;

/**
 * Whether a filter compares something, in the search language, which the server reads; else it is words.
 * @param {string} filter
 * @returns {boolean}
 */
export function isQuery(filter) {
  return operator.test(filter);
}

/**
 * Whether each word of a filter is found in a run's name, id, experiment, status, params or tags.
 * @param {RunInfo} run
 * @param {string} filter words
 * @returns {boolean}
 */
export function matches(run, filter) {
  const texts = [run.name, run.id, run.experiment, statusText(run)];
  for (const pairs of [run.params, run.tags]) {
    for (const [key, value] of Object.entries(pairs)) texts.push(`${key}=${value}`);
  }
  const lower = texts.map((text) => text.toLowerCase());
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.some((text) => text.includes(word)));
}
