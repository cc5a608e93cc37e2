// One place on the x axis that all charts of a page point at.

/** @typedef {(x: number | null, source: unknown) => void} CursorListener */

export class Cursor {
  /** @type {Set<CursorListener>} */
  #listeners = new Set();
  /** @type {number | null} */
  x = null;

  /**
   * @param {number | null} x null when nothing is pointed at
   * @param {unknown} source the chart that points
   */
  move(x, source) {
    if (x === this.x) return;
    this.x = x;
    for (const listener of this.#listeners) listener(x, source);
  }

  /** @param {CursorListener} listener @returns {() => void} ends it */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
