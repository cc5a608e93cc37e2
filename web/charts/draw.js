// What a line chart paints. Everything here takes a context and a plot and knows no page.

import { axisTicks, linearScale, linearTicks, logScale, logTicks } from "./scale.js";

/** @typedef {import("./palette.js").Inks} Inks */
/** @typedef {import("./reduce.js").Columns} Columns */
/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./scale.js").Tick} Tick */
/**
 * @typedef {object} Plot
 * @property {number} left
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 * @property {Scale} x
 * @property {Scale} y
 * @property {Tick[]} xTicks
 * @property {Tick[]} yTicks
 */

const labelSize = 11;

/** @param {CanvasRenderingContext2D} context @param {Inks} inks */
function setFont(context, inks) {
  context.font = `${labelSize}px ${inks.font}`;
}

/**
 * Finds room for the labels and lays the scales into what is left.
 * @param {CanvasRenderingContext2D} context
 * @param {{ width: number, height: number }} size
 * @param {[number, number]} domainX
 * @param {[number, number]} domainY
 * @param {{ axis: import("../api/types.js").Axis, logarithmic: boolean }} view
 * @param {Inks} inks
 * @returns {Plot}
 */
export function layOut(context, size, domainX, domainY, view, inks) {
  setFont(context, inks);
  const top = 8;
  const bottom = size.height - 22;
  const count = Math.max(2, Math.floor((bottom - top) / 28));
  const yTicks = view.logarithmic ? logTicks(domainY, count) : linearTicks(domainY, count);
  const widest = Math.max(16, ...yTicks.map((tick) => context.measureText(tick.label).width));
  const left = Math.ceil(widest) + 10;
  const right = size.width - 12;
  const room = view.axis === "step" ? 64 : 76;
  const scaleY = view.logarithmic ? logScale : linearScale;
  return {
    left,
    right,
    top,
    bottom,
    x: linearScale(domainX, [left, right]),
    y: scaleY(domainY, [bottom, top]),
    xTicks: axisTicks(view.axis, domainX, Math.max(2, Math.floor((right - left) / room))),
    yTicks,
  };
}

/** @param {CanvasRenderingContext2D} context @param {Plot} plot @param {Inks} inks */
export function drawAxes(context, plot, inks) {
  setFont(context, inks);
  context.lineWidth = 1;
  context.strokeStyle = inks.grid;
  context.fillStyle = inks.text;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.beginPath();
  for (const tick of plot.yTicks) {
    const y = Math.round(plot.y.place(tick.value)) + 0.5;
    context.moveTo(plot.left, y);
    context.lineTo(plot.right, y);
    context.fillText(tick.label, plot.left - 6, y);
  }
  context.stroke();
  context.strokeStyle = inks.axis;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.beginPath();
  context.moveTo(plot.left, plot.bottom + 0.5);
  context.lineTo(plot.right, plot.bottom + 0.5);
  for (const tick of plot.xTicks) {
    const x = Math.round(plot.x.place(tick.value)) + 0.5;
    context.moveTo(x, plot.bottom);
    context.lineTo(x, plot.bottom + 4);
    context.fillText(tick.label, inside(context, tick.label, x, plot), plot.bottom + 7);
  }
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} label
 * @param {number} x
 * @param {Plot} plot
 * @returns {number} where its middle may stand
 */
function inside(context, label, x, plot) {
  const half = context.measureText(label).width / 2;
  return Math.min(Math.max(x, half), plot.right + 12 - half);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plot} plot
 * @param {() => void} draw kept inside the plot
 */
export function clipped(context, plot, draw) {
  context.save();
  context.beginPath();
  context.rect(plot.left, plot.top - 4, plot.right - plot.left + 4, plot.bottom - plot.top + 4);
  context.clip();
  draw();
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plot} plot
 * @param {Columns} columns
 * @param {string} colour
 */
export function drawBand(context, plot, columns, colour) {
  if (columns.width === 1) return;
  const floor = plot.y.domain[0];
  context.fillStyle = colour;
  context.globalAlpha = 0.16;
  forEachStretch(
    columns.high,
    (value) => !Number.isNaN(plot.y.place(value)),
    (from, to) => {
      context.beginPath();
      for (let i = from; i < to; i += 1)
        context.lineTo(plot.x.place(columns.x[i]), plot.y.place(columns.high[i]));
      for (let i = to - 1; i >= from; i -= 1) {
        const low = plot.y.place(columns.low[i]); // on a log axis a band may reach down to where nothing can stand
        context.lineTo(plot.x.place(columns.x[i]), Number.isNaN(low) ? plot.y.place(floor) : low);
      }
      context.fill();
    },
  );
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plot} plot
 * @param {Float64Array} x
 * @param {Float64Array} y a gap where it is NaN
 * @param {{ colour: string, width: number, alpha: number }} pen
 */
export function drawLine(context, plot, x, y, pen) {
  const dots = x.length * 14 <= plot.right - plot.left;
  context.globalAlpha = pen.alpha;
  context.strokeStyle = pen.colour;
  context.fillStyle = pen.colour;
  context.lineWidth = pen.width;
  context.lineJoin = "round";
  forEachStretch(
    y,
    (value) => !Number.isNaN(plot.y.place(value)),
    (from, to) => {
      context.beginPath();
      for (let i = from; i < to; i += 1) context.lineTo(plot.x.place(x[i]), plot.y.place(y[i]));
      context.stroke();
      if (!dots && to - from > 1) return; // a lone value has no line to be seen by
      for (let i = from; i < to; i += 1)
        drawDot(context, plot.x.place(x[i]), plot.y.place(y[i]), pen.width + 0.75);
    },
  );
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius */
export function drawDot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/**
 * @param {Float64Array} values
 * @param {(value: number) => boolean} shows
 * @param {(from: number, to: number) => void} each
 */
function forEachStretch(values, shows, each) {
  let from = -1;
  for (let i = 0; i <= values.length; i += 1) {
    const shown = i < values.length && shows(values[i]);
    if (shown && from < 0) from = i;
    if (!shown && from >= 0) {
      each(from, i);
      from = -1;
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plot} plot
 * @param {Columns} columns
 * @param {string} colour
 */
export function drawMarks(context, plot, columns, colour) {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1.5;
  for (const mark of columns.marks) {
    const x = plot.x.place(mark.x);
    context.beginPath();
    if (mark.kind === "nan") cross(context, x, plot.bottom - 7);
    else
      triangle(
        context,
        x,
        mark.kind === "above" ? plot.top : plot.bottom - 1,
        mark.kind === "above" ? 7 : -7,
      );
    if (mark.kind === "nan") context.stroke();
    else context.fill();
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
function cross(context, x, y) {
  context.moveTo(x - 3, y - 3);
  context.lineTo(x + 3, y + 3);
  context.moveTo(x + 3, y - 3);
  context.lineTo(x - 3, y + 3);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} tip
 * @param {number} height below the tip
 */
function triangle(context, x, tip, height) {
  context.moveTo(x, tip);
  context.lineTo(x - 4, tip + height);
  context.lineTo(x + 4, tip + height);
  context.closePath();
}

/** @param {CanvasRenderingContext2D} context @param {Plot} plot @param {number} place @param {Inks} inks */
export function drawCrosshair(context, plot, place, inks) {
  context.strokeStyle = inks.text;
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(Math.round(place) + 0.5, plot.top);
  context.lineTo(Math.round(place) + 0.5, plot.bottom);
  context.stroke();
  context.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Plot} plot
 * @param {number} from
 * @param {number} to
 * @param {Inks} inks
 */
export function drawSelection(context, plot, from, to, inks) {
  context.fillStyle = inks.accent;
  context.globalAlpha = 0.16;
  context.fillRect(Math.min(from, to), plot.top, Math.abs(to - from), plot.bottom - plot.top);
  context.globalAlpha = 1;
}
