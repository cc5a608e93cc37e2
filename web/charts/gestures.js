// Pointer and keys over a plot, in the words of a chart.

/** @typedef {import("./draw.js").Plot} Plot */
/**
 * @typedef {object} GestureTarget
 * @property {() => Plot | null} plot
 * @property {(x: number | null, y: number | null) => void} point in pixels of the plot's element
 * @property {(span: [number, number] | null) => void} select while dragging, in pixels
 * @property {(from: number, to: number) => void} zoom in values of the x axis
 * @property {() => void} showAll
 * @property {(count: number) => void} step to the next bucket, the one before, or (±Infinity) to an end
 */

const shortestDrag = 6; // pixels; less is a click

/** @param {HTMLElement} element @param {GestureTarget} target */
export function followGestures(element, target) {
  followPointer(element, target);
  element.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey && key(event.key, target)) event.preventDefault();
  });
  element.addEventListener("blur", () => target.point(null, null));
}

/** @param {HTMLElement} element @param {GestureTarget} target */
function followPointer(element, target) {
  /** @type {number | null} */
  let start = null;

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !target.plot()) return;
    start = inPlot(event.offsetX, target);
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    target.point(event.offsetX, event.offsetY);
    if (start !== null) target.select([start, inPlot(event.offsetX, target)]);
  });
  element.addEventListener("pointerup", (event) => {
    const from = start;
    const to = inPlot(event.offsetX, target);
    start = null;
    target.select(null);
    const plot = target.plot();
    if (from === null || !plot || Math.abs(to - from) < shortestDrag) return;
    target.zoom(plot.x.value(Math.min(from, to)), plot.x.value(Math.max(from, to)));
  });
  element.addEventListener("pointercancel", () => {
    start = null;
    target.select(null);
    target.point(null, null);
  });
  element.addEventListener("pointerleave", () => start === null && target.point(null, null));
  element.addEventListener("dblclick", () => target.showAll());
}

/** @param {number} x @param {GestureTarget} target @returns {number} */
function inPlot(x, target) {
  const plot = target.plot();
  return plot ? Math.min(Math.max(x, plot.left), plot.right) : x;
}

/**
 * @param {string} name
 * @param {GestureTarget} target
 * @returns {boolean} whether the key means something here
 */
function key(name, target) {
  switch (name) {
    case "ArrowLeft":
      target.step(-1);
      return true;
    case "ArrowRight":
      target.step(1);
      return true;
    case "PageUp":
      target.step(-10);
      return true;
    case "PageDown":
      target.step(10);
      return true;
    case "Home":
      target.step(-Infinity);
      return true;
    case "End":
      target.step(Infinity);
      return true;
    case "+":
    case "=":
      zoomBy(0.5, target);
      return true;
    case "-":
      zoomBy(2, target);
      return true;
    case "0":
    case "Escape":
      target.showAll();
      return true;
    default:
      return false;
  }
}

/** @param {number} factor @param {GestureTarget} target */
function zoomBy(factor, target) {
  const plot = target.plot();
  if (!plot) return;
  const [from, to] = plot.x.domain;
  const middle = (from + to) / 2;
  const half = ((to - from) / 2) * factor;
  target.zoom(middle - half, middle + half);
}
