// A bar for each layer of a profile, as plain SVG: phases above, the operations within them below. Phases differ in
// their pattern as well as in their colour; what the pointer or the focus is on is written above.

import { flameBars, flameMove, phaseNames } from "./flame.js";

/** @typedef {import("./flame.js").Bar} Bar */
/** @typedef {import("./flame.js").Segment} Segment */
/** @typedef {import("../text/profile.js").Phase} Phase */

const namespace = "http://www.w3.org/2000/svg";
const phaseHeight = 12;
const operationHeight = 8;
const barHeight = phaseHeight + operationHeight;
const hint = "Point at a bar, or go through them with the arrow keys.";

export class FlameChart {
  element = document.createElement("figure");
  #readout = document.createElement("output");
  #bars;
  /** @type {SVGSVGElement[]} */
  #pictures = [];
  /** @type {SVGRectElement[][]} the operations of each bar */
  #parts = [];
  #place = { bar: 0, segment: -1 };

  /** @param {import("../text/profile.js").Profile} profile */
  constructor(profile) {
    this.#bars = flameBars(profile);
    this.element.className = "flame";
    this.#readout.className = "flame-readout";
    this.#readout.setAttribute("aria-live", "polite");
    this.#readout.textContent = hint;
    const list = document.createElement("ol");
    list.className = "flame-bars";
    list.setAttribute("aria-label", "Time of each layer");
    list.append(...this.#bars.map((bar, at) => this.#line(bar, at)));
    list.addEventListener("keydown", (event) => this.#step(event));
    list.addEventListener("pointerleave", () => this.#say(hint));
    this.element.append(patterns(), legend(this.#bars), this.#readout, list);
    this.#pictures[0]?.setAttribute("tabindex", "0");
  }

  /** @param {Bar} bar @param {number} at @returns {HTMLLIElement} */
  #line(bar, at) {
    const line = document.createElement("li");
    const name = document.createElement("span");
    name.className = "flame-name";
    name.textContent = bar.name;
    if (bar.kind !== null) name.append(" ", small(bar.kind));
    line.append(name, this.#picture(bar, at));
    return line;
  }

  /** @param {Bar} bar @param {number} at @returns {SVGSVGElement} */
  #picture(bar, at) {
    const picture = svg("svg", { class: "flame-bar", height: barHeight, width: "100%", role: "img" });
    picture.setAttribute("aria-label", bar.summary);
    picture.setAttribute("tabindex", "-1");
    for (const phase of bar.phases) {
      const part = box(phase, 0, phaseHeight, `flame-phase flame-${phase.phase}`);
      part.setAttribute("fill", `url(#flame-${phase.phase})`);
      part.addEventListener("pointerenter", () => this.#say(`${bar.name} · ${phase.label} · ${phase.text}`));
      picture.append(part);
    }
    const parts = bar.operations.map((operation) => {
      const part = box(operation, phaseHeight, operationHeight, `flame-operation flame-${operation.phase}`);
      part.addEventListener("pointerenter", () => this.#say(segmentText(bar, operation)));
      return part;
    });
    picture.append(...parts);
    picture.addEventListener("focus", () => {
      if (this.#place.bar !== at) this.#place = { bar: at, segment: -1 };
      this.#show();
    });
    picture.addEventListener("blur", () => this.#mark(null));
    picture.addEventListener("pointerenter", () => this.#say(`${bar.name} · ${bar.text}`));
    this.#pictures.push(picture);
    this.#parts.push(parts);
    return picture;
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const counts = this.#bars.map((bar) => bar.operations.length);
    const next = flameMove(event.key, this.#place, counts);
    if (!next) return;
    event.preventDefault();
    this.#pictures[this.#place.bar].setAttribute("tabindex", "-1");
    this.#place = next;
    const picture = this.#pictures[next.bar];
    picture.setAttribute("tabindex", "0");
    if (document.activeElement === picture) this.#show();
    else picture.focus();
  }

  /** Writes what the keyboard has come to. */
  #show() {
    const bar = this.#bars[this.#place.bar];
    const segment = bar.operations[this.#place.segment];
    this.#mark(this.#parts[this.#place.bar][this.#place.segment] ?? null);
    this.#say(segment ? segmentText(bar, segment) : `${bar.name} · ${bar.text}`);
  }

  /** @param {SVGRectElement | null} chosen */
  #mark(chosen) {
    for (const part of this.#parts.flat()) part.classList.toggle("chosen", part === chosen);
  }

  /** @param {string} text */
  #say(text) {
    this.#readout.textContent = text;
  }
}

/** @param {Bar} bar @param {Segment} operation @returns {string} */
function segmentText(bar, operation) {
  return `${bar.name} · ${operation.label}, ${phaseNames[operation.phase].toLowerCase()} · ${operation.text}`;
}

/** @param {Segment} segment @param {number} y @param {number} height @param {string} name @returns {SVGRectElement} */
function box({ from, to }, y, height, name) {
  const width = `${(100 * (to - from)).toFixed(3)}%`;
  return svg("rect", { class: name, x: `${(100 * from).toFixed(3)}%`, y, width, height });
}

/**
 * The filling of each phase, once for the whole chart: plain, hatched, dotted, crossed, empty.
 * @returns {SVGSVGElement}
 */
function patterns() {
  const holder = svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "flame-patterns" });
  /** @type {Record<Phase, string | null>} */
  const strokes = {
    forward: null,
    backward: "M-1,1 l2,-2 M0,6 l6,-6 M5,7 l2,-2",
    update: "M2,3 h2",
    data: "M0,3 h6 M3,0 v6",
    other: "M0,5.5 h6",
  };
  for (const [phase, path] of Object.entries(strokes)) {
    const pattern = svg("pattern", {
      id: `flame-${phase}`,
      width: 6,
      height: 6,
      patternUnits: "userSpaceOnUse",
      class: `flame-${phase}`,
    });
    pattern.append(svg("rect", { width: 6, height: 6, class: path === null ? "flame-full" : "flame-pale" }));
    if (path !== null) pattern.append(svg("path", { d: path, class: "flame-stroke" }));
    holder.append(pattern);
  }
  return holder;
}

/** @param {Bar[]} bars @returns {HTMLUListElement} the phases that there are */
function legend(bars) {
  const list = document.createElement("ul");
  list.className = "legend";
  list.setAttribute("aria-label", "Phases");
  const phases = new Set(bars.flatMap((bar) => bar.phases.map((phase) => phase.phase)));
  for (const [phase, name] of Object.entries(phaseNames)) {
    if (!phases.has(/** @type {Phase} */ (phase))) continue;
    const entry = document.createElement("li");
    const sample = svg("svg", { width: 18, height: phaseHeight, "aria-hidden": "true" });
    const filling = svg("rect", { class: `flame-phase flame-${phase}`, width: "100%", height: phaseHeight });
    filling.setAttribute("fill", `url(#flame-${phase})`);
    sample.append(filling);
    entry.append(sample, name);
    list.append(entry);
  }
  return list;
}

/** @param {string} text @returns {HTMLElement} */
function small(text) {
  const made = document.createElement("small");
  made.textContent = text;
  return made;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElementTagNameMap[Tag]}
 */
function svg(tag, attributes) {
  const made = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
