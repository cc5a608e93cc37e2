// The runs of the table as the page knows them.

import { ApiError, run as askRun, runs as askRuns } from "../api/client.js";

/** @typedef {import("../api/types.js").RunInfo} RunInfo */

const pageSize = 500;
const most = 2000; // the newest ones that fit; sorting happens here, on what has been loaded
const mostSingles = 10; // more changed runs than this are loaded with their page

export class RunCollection {
  /** @type {Map<string, RunInfo>} */
  #runs = new Map();
  #asked = { experiment: "", filter: "" };
  /** Whether older runs exist that were not loaded. */
  isCut = false;
  experiment = "";
  /** In the search language; only the server knows which runs fit. */
  filter = "";
  /** @type {Set<string>} the runs that fit the filter, if there is one */
  #fitting = new Set();

  /** @returns {RunInfo[]} */
  get all() {
    return [...this.#runs.values()].filter(
      (run) =>
        (this.experiment === "" || run.experiment === this.experiment) &&
        (this.filter === "" || this.#fitting.has(run.id)),
    );
  }

  /**
   * @param {string} id
   * @returns {RunInfo | undefined} also one of another experiment that was asked for by id
   */
  get(id) {
    return this.#runs.get(id);
  }

  /**
   * @param {string} experiment "" for all
   * @param {string} filter "" for none
   */
  async load(experiment, filter) {
    this.#asked = { experiment, filter };
    const asked = this.#asked;
    /** @type {Map<string, RunInfo>} */
    const loaded = new Map();
    /** @type {string | null} */
    let cursor = null;
    do {
      /** @type {{ runs: RunInfo[], next: string | null }} */
      const page = await askRuns({ experiment, filter, limit: pageSize, cursor });
      for (const run of page.runs) loaded.set(run.id, run);
      cursor = page.next;
    } while (cursor !== null && loaded.size < most);
    if (this.#asked !== asked) return; // something else was chosen meanwhile
    this.experiment = experiment;
    this.filter = filter;
    this.#fitting = new Set(loaded.keys());
    this.#runs = loaded;
    this.isCut = cursor !== null;
  }

  /**
   * Loads what has changed.
   * @param {string[] | null} ids null when anything may have
   */
  async update(ids) {
    if (ids === null || ids.length > mostSingles || this.filter !== "")
      return this.load(this.experiment, this.filter);
    await this.fetch(ids);
  }

  /** @param {string[]} ids loaded one by one; those that are gone are dropped */
  async fetch(ids) {
    await Promise.all(
      ids.map(async (id) => {
        try {
          const run = await askRun(id);
          if (run.deleted) this.#runs.delete(id);
          else this.#runs.set(id, run);
        } catch (problem) {
          if (!(problem instanceof ApiError && problem.status === 404)) throw problem;
          this.#runs.delete(id);
        }
      }),
    );
  }
}
