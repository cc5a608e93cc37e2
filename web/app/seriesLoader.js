// Asks for the series of many charts with few questions, one at a time, those on the screen first.

/** @typedef {import("../api/types.js").SeriesAnswer} SeriesAnswer */
/** @typedef {import("../api/types.js").SeriesQuestion} SeriesQuestion */

// The server answers at most 1,000 series and 1,000,000 buckets; smaller answers keep the page moving.
const mostSeries = 1000;
const mostBuckets = 100_000;

export class SeriesLoader {
  /** @type {Set<string>} keys whose charts show something old */
  #wanted = new Set();
  /** @type {AbortController | null} */
  #running = null;
  #handlers;

  /**
   * @param {object} handlers
   * @param {() => Omit<SeriesQuestion, "keys">} handlers.question what is asked now, without its keys
   * @param {(key: string) => boolean} handlers.isShown whether a chart is on the screen
   * @param {(question: SeriesQuestion, signal: AbortSignal) => Promise<SeriesAnswer[]>} handlers.ask
   * @param {(key: string, answers: SeriesAnswer[]) => void} handlers.deliver
   * @param {(problem: unknown) => void} handlers.fail
   */
  constructor(handlers) {
    this.#handlers = handlers;
  }

  /** @param {Iterable<string>} keys */
  want(keys) {
    for (const key of keys) this.#wanted.add(key);
    this.go();
  }

  /**
   * Drops the question under way, whose answer nobody wants any more.
   * @param {Iterable<string>} keys
   */
  restart(keys) {
    this.#running?.abort();
    this.#running = null;
    this.want(keys);
  }

  /** Goes on, if a chart that waits has come onto the screen. */
  async go() {
    if (this.#running) return;
    const turn = new AbortController();
    this.#running = turn;
    try {
      await this.#askAll(turn.signal);
    } catch (problem) {
      if (!turn.signal.aborted) this.#handlers.fail(problem);
    } finally {
      if (this.#running === turn) this.#running = null;
    }
  }

  /** @param {AbortSignal} signal */
  async #askAll(signal) {
    for (;;) {
      const question = this.#handlers.question();
      const keys = [...this.#wanted].filter(this.#handlers.isShown);
      if (keys.length === 0 || question.runs.length === 0) return;
      const batch = keys.slice(0, batchSize(question.runs.length, question.buckets));
      for (const key of batch) this.#wanted.delete(key); // before the answer: what changes meanwhile is asked again
      /** @type {SeriesAnswer[]} */
      let answers;
      try {
        answers = await this.#handlers.ask({ ...question, keys: batch }, signal);
      } catch (problem) {
        for (const key of batch) this.#wanted.add(key);
        throw problem;
      }
      if (signal.aborted) return;
      for (const key of batch)
        this.#handlers.deliver(
          key,
          answers.filter((answer) => answer.key === key),
        );
    }
  }
}

/** @param {number} runs @param {number} buckets of a series @returns {number} keys of one question */
export function batchSize(runs, buckets) {
  return Math.max(1, Math.min(Math.floor(mostSeries / runs), Math.floor(mostBuckets / (runs * buckets))));
}
