// The one place that knows the server's addresses and the shape of its JSON.

/** @typedef {import("./types.js").RunInfo} RunInfo */
/** @typedef {import("./types.js").SeriesQuestion} SeriesQuestion */
/** @typedef {import("./types.js").SeriesAnswer} SeriesAnswer */

const root = "/api/v1";

/** An answer that says no, in the server's words. */
export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * All experiments, by number.
 * @param {AbortSignal} [signal]
 * @returns {Promise<import("./types.js").ExperimentInfo[]>}
 */
export async function experiments(signal) {
  /** @type {import("./types.js").ExperimentInfo[]} */
  const all = [];
  const question = new URLSearchParams({ limit: "1000" });
  for (;;) {
    const page = await ask(`/experiments?${question}`, { signal });
    all.push(...page.experiments);
    if (page.next === null) return all;
    question.set("cursor", page.next);
  }
}

/**
 * One page of the runs that fit a filter of the search language, newest first.
 * @param {object} page
 * @param {string} [page.experiment] "" for all
 * @param {string} [page.filter] "" for none
 * @param {number} page.limit
 * @param {string | null} [page.cursor]
 * @param {AbortSignal} [page.signal]
 * @returns {Promise<{ runs: RunInfo[], next: string | null }>}
 */
export async function runs({ experiment, filter, limit, cursor, signal }) {
  const question = new URLSearchParams({ limit: String(limit) });
  if (experiment) question.set("experiment", experiment);
  if (filter) question.set("filter", filter);
  if (cursor) question.set("cursor", cursor);
  const answer = await ask(`/runs?${question}`, { signal });
  return { runs: answer.runs.map(readRun), next: answer.next ?? null };
}

/** @param {string} id @param {AbortSignal} [signal] @returns {Promise<RunInfo>} */
export async function run(id, signal) {
  return readRun(await ask(`/runs/${encodeURIComponent(id)}`, { signal }));
}

/** @param {SeriesQuestion} question @param {AbortSignal} [signal] @returns {Promise<SeriesAnswer[]>} */
export async function series(question, signal) {
  const answer = await ask("/series", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(question),
    signal,
  });
  return answer.series.map(readSeries);
}

/**
 * @param {string} run
 * @param {AbortSignal} [signal]
 * @returns {Promise<import("./types.js").ArtifactInfo[]>}
 */
export async function artifacts(run, signal) {
  return (await ask(`/runs/${encodeURIComponent(run)}/artifacts`, { signal })).artifacts;
}

/** @param {string} run @param {string} path @returns {string} where a run's file is to be had */
export function artifactAddress(run, path) {
  const parts = path.split("/").map(encodeURIComponent).join("/");
  return `${root}/runs/${encodeURIComponent(run)}/artifacts/${parts}`;
}

/**
 * The bytes of a file from `start` on.
 * @param {string} run
 * @param {string} path
 * @param {number} start below the file's size
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ start: number, bytes: Uint8Array }>} `start` is 0 from a server that sent the whole file
 */
export async function artifactBytes(run, path, start, signal) {
  const headers = start > 0 ? { Range: `bytes=${start}-` } : undefined;
  const answer = await fetch(artifactAddress(run, path), { headers, signal, cache: "no-store" });
  if (!answer.ok) throw await problem(answer);
  return { start: answer.status === 206 ? start : 0, bytes: new Uint8Array(await answer.arrayBuffer()) };
}

/** @param {AbortSignal} [signal] @returns {Promise<import("./types.js").ModelInfo[]>} */
export async function models(signal) {
  return (await ask("/models", { signal })).models;
}

/** @param {string} name @param {AbortSignal} [signal] @returns {Promise<import("./types.js").ModelInfo>} */
export async function model(name, signal) {
  return ask(`/models/${encodeURIComponent(name)}`, { signal });
}

/** @param {string} path @param {RequestInit} options @returns {Promise<any>} */
async function ask(path, options) {
  // Asked each time; what has not changed since is told by its tag alone.
  const answer = await fetch(root + path, { cache: "no-cache", ...options });
  if (!answer.ok) throw await problem(answer);
  return answer.json();
}

/** @param {Response} answer @returns {Promise<ApiError>} */
async function problem(answer) {
  const body = await answer.json().catch(() => null);
  const said = body?.error;
  return new ApiError(
    answer.status,
    said?.code ?? "unknown",
    said?.message ?? `the server answered ${answer.status} ${answer.statusText}`,
  );
}

/**
 * A number as the server's JSON writes it.
 * @param {number | string | null | undefined} value a number, "NaN", "Infinity" or "-Infinity"
 * @returns {number | null}
 */
export function readNumber(value) {
  return value === null || value === undefined ? null : Number(value);
}

/** @param {any} json @returns {RunInfo} */
export function readRun(json) {
  /** @type {RunInfo["metrics"]} */
  const metrics = {};
  for (const [key, value] of Object.entries(/** @type {Record<string, any>} */ (json.metrics ?? {}))) {
    metrics[key] = {
      last: Number(value.last),
      step: Number(value.step),
      min: readNumber(value.min),
      max: readNumber(value.max),
    };
  }
  return {
    ...json,
    stale: json.stale === true,
    deleted: json.deleted === true,
    startTime: Date.parse(json.startTime),
    endTime: json.endTime ? Date.parse(json.endTime) : null,
    params: json.params ?? {},
    tags: json.tags ?? {},
    metrics,
  };
}

/** @param {any} json @returns {SeriesAnswer} */
export function readSeries(json) {
  return {
    run: json.run,
    key: json.key,
    width: Number(json.width),
    buckets: json.buckets.map((/** @type {any} */ bucket) => ({
      x: Number(bucket.x),
      count: bucket.count,
      nan: bucket.nan,
      first: Number(bucket.first),
      last: Number(bucket.last),
      min: readNumber(bucket.min),
      max: readNumber(bucket.max),
      mean: readNumber(bucket.mean),
    })),
  };
}
