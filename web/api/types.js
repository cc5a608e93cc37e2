/**
 * What the server answers, as `client.js` hands it on: its "NaN", "Infinity" and "-Infinity" are numbers here,
 * its ISO times milliseconds since the epoch.
 *
 * @typedef {"SCHEDULED" | "RUNNING" | "FINISHED" | "FAILED" | "KILLED"} RunStatus
 *
 * @typedef {object} MetricSummary
 * @property {number} last
 * @property {number} step
 * @property {number | null} min the least finite value
 * @property {number | null} max the greatest finite value
 *
 * @typedef {object} RunInfo
 * @property {string} id
 * @property {string} name
 * @property {string} experiment
 * @property {RunStatus} status
 * @property {boolean} stale RUNNING, but its recorder has fallen silent
 * @property {boolean} deleted in the trash
 * @property {number} startTime
 * @property {number | null} endTime
 * @property {Record<string, string>} params
 * @property {Record<string, string>} tags
 * @property {Record<string, MetricSummary>} metrics
 *
 * @typedef {{ id: number, name: string, runCount: number }} ExperimentInfo
 *
 * @typedef {"step" | "time" | "relative"} Axis
 *
 * @typedef {object} SeriesQuestion
 * @property {string[]} runs
 * @property {string[]} keys
 * @property {Axis} x
 * @property {number | null} from
 * @property {number | null} to
 * @property {number} buckets
 *
 * @typedef {object} Bucket
 * @property {number} x where it begins
 * @property {number} count points in it
 * @property {number} nan points that are NaN
 * @property {number} first
 * @property {number} last
 * @property {number | null} min
 * @property {number | null} max
 * @property {number | null} mean
 *
 * @typedef {{ run: string, key: string, width: number, buckets: Bucket[] }} SeriesAnswer
 *
 * @typedef {{ path: string, size: number, sha256: string }} ArtifactInfo
 *
 * @typedef {object} ModelInfo
 * @property {string} name
 * @property {string} summary
 * @property {string} task
 * @property {string} dataset
 * @property {string} licence
 * @property {number | null} parameters
 * @property {Record<string, number | string>} figures
 * @property {number} bytes
 * @property {string} sha256
 * @property {string | null} recipe
 * @property {string | null} run
 * @property {string} [card] Markdown; with a single model only
 *
 * @typedef {{ revision: number, runs: string[] | null }} Changes runs that changed; null when any may have
 */
export {};
