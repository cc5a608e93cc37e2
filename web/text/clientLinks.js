// Addresses that MLflow's clients print after a run, which name a page by what stands behind the `#`.

/**
 * @typedef {object} ClientLink what such an address names
 * @property {string} experiment its number
 * @property {string | null} run null for the experiment as a whole
 */

const pattern = /^#\/experiments\/(\d+)(?:\/runs(?:\/([0-9a-f]{32}))?)?(?:[/?]|$)/;

/** @param {string} hash with its "#" @returns {ClientLink | null} null for any other */
export function readClientLink(hash) {
  const found = pattern.exec(hash);
  return found && { experiment: found[1], run: found[2] ?? null };
}
