// Colours come from the style sheet; a canvas has to be told them.

/**
 * @typedef {object} Inks
 * @property {string} text
 * @property {string} grid
 * @property {string} axis
 * @property {string} accent
 * @property {string} panel
 * @property {string} font
 * @property {string[]} series
 */

export const seriesColourCount = 8;

/** @type {Inks | null} */
let known = null;

/** @returns {Inks} as the page's present scheme has them */
export function inks() {
  known ??= readInks();
  return known;
}

/** @returns {Inks} */
function readInks() {
  // A custom property's own value is its text, `light-dark(…)` and all; a real property's is resolved.
  const probe = document.body.appendChild(document.createElement("span"));
  const colour = (/** @type {string} */ name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const read = {
    text: colour("text-soft"),
    grid: colour("line"),
    axis: colour("line-strong"),
    accent: colour("accent"),
    panel: colour("panel"),
    font: getComputedStyle(document.body).fontFamily,
    series: Array.from({ length: seriesColourCount }, (_, slot) => colour(`series-${slot + 1}`)),
  };
  probe.remove();
  return read;
}

/** @param {() => void} redraw called after the colours have changed */
export function onSchemeChange(redraw) {
  const changed = () => {
    known = null;
    redraw();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  new MutationObserver(changed).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

/**
 * Gives each run a colour that depends on its identifier first, so that a run keeps it wherever it is shown,
 * and on its neighbours only where two would share one.
 * @param {string[]} runs
 * @returns {Map<string, number>} slots from 0
 */
export function colourSlots(runs) {
  const slots = new Map();
  const taken = new Array(seriesColourCount).fill(0);
  for (const run of [...runs].sort()) {
    const wanted = hash(run) % seriesColourCount;
    const rounds = Math.min(...taken);
    let slot = wanted;
    while (taken[slot] > rounds) slot = (slot + 1) % seriesColourCount;
    taken[slot] += 1;
    slots.set(run, slot);
  }
  return slots;
}

/** @param {string} text @returns {number} FNV-1a, 32 bits */
function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value;
}
