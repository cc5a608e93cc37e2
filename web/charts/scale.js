// From values to places and back, and where the ticks stand. Pure.

/** @typedef {import("../api/types.js").Axis} Axis */
/**
 * @typedef {object} Scale
 * @property {[number, number]} domain
 * @property {(value: number) => number} place where a value stands; NaN when the scale has no place for it
 * @property {(place: number) => number} value
 */
/** @typedef {{ value: number, label: string }} Tick */

/** @param {[number, number]} domain @param {[number, number]} range @returns {Scale} */
export function linearScale(domain, range) {
  const factor = (range[1] - range[0]) / (domain[1] - domain[0]);
  return {
    domain,
    place: (value) => range[0] + (value - domain[0]) * factor,
    value: (place) => domain[0] + (place - range[0]) / factor,
  };
}

/** @param {[number, number]} domain both above 0 @param {[number, number]} range @returns {Scale} */
export function logScale(domain, range) {
  const inner = linearScale([Math.log10(domain[0]), Math.log10(domain[1])], range);
  return {
    domain,
    place: (value) => (value > 0 ? inner.place(Math.log10(value)) : NaN),
    value: (place) => 10 ** inner.value(place),
  };
}

/**
 * The step of 1, 2 or 5 times a power of ten that gives at most `count` steps.
 * @param {number} span above 0
 * @param {number} count
 * @returns {number}
 */
export function niceStep(span, count) {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const digit = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return digit * power;
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} step
 * @returns {number[]} multiples of `step` from low to high
 */
function multiples(low, high, step) {
  const ticks = [];
  const last = Math.floor(high / step + 1e-9);
  for (let n = Math.ceil(low / step - 1e-9); n <= last && ticks.length < 100; n += 1) ticks.push(n * step);
  return ticks;
}

/**
 * @param {[number, number]} domain
 * @param {number} count
 * @param {boolean} [whole] whether only whole numbers make sense
 * @returns {Tick[]}
 */
export function linearTicks([low, high], count, whole = false) {
  if (!(high > low)) return [{ value: low, label: tickLabel(low, Math.abs(low) || 1) }];
  const step = whole ? Math.max(1, niceStep(high - low, count)) : niceStep(high - low, count);
  return multiples(low, high, step).map((value) => ({ value, label: tickLabel(value, step) }));
}

/**
 * A tick's value with as many digits as its step needs.
 * @param {number} value
 * @param {number} step
 * @returns {string}
 */
export function tickLabel(value, step) {
  const near = Math.abs(value) < step * 1e-6 ? 0 : value;
  const size = Math.max(Math.abs(near), step);
  if (near !== 0 && (size < 1e-3 || size >= 1e12)) {
    const digits = Math.max(0, Math.floor(Math.log10(Math.abs(near))) - Math.floor(Math.log10(step) + 1e-9));
    return near.toExponential(Math.min(digits, 6)).replace("e+", "e");
  }
  for (const [unit, letter] of /** @type {[number, string][]} */ ([
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ])) {
    if (Math.abs(near) >= unit && step >= unit / 1000)
      return `${Number(fixed(near / unit, step / unit))}${letter}`;
  }
  return fixed(near, step);
}

/** @param {number} value @param {number} step @returns {string} */
function fixed(value, step) {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return value.toFixed(Math.min(decimals, 12));
}

/**
 * Powers of ten; between them 2 and 5 where there is room, even steps where less than one power is shown.
 * @param {[number, number]} domain
 * @param {number} count
 * @returns {Tick[]}
 */
export function logTicks([low, high], count) {
  const decades = Math.log10(high / low);
  if (decades < 1) return linearTicks([low, high], count);
  const stride = Math.max(1, Math.ceil(decades / count));
  const within = decades * 3 <= count ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    if (power % stride !== 0) continue;
    for (const digit of within) {
      const value = Number(`${digit}e${power}`);
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
        ticks.push({ value, label: logLabel(value) });
    }
  }
  return ticks;
}

/** @param {number} value @returns {string} */
function logLabel(value) {
  if (value >= 1e-3 && value < 1e4) return String(value);
  return value.toExponential(0).replace("e+", "e");
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((n) => n * day),
];

/** @param {number} span @param {number} count @returns {number} milliseconds */
function timeStep(span, count) {
  return timeSteps.find((step) => span / step <= count) ?? niceStep(span / day, count) * day;
}

/**
 * Moments that are round on the local clock.
 * @param {[number, number]} domain milliseconds since the epoch
 * @param {number} count
 * @param {number} [offset] minutes that UTC is ahead of the local clock, as `getTimezoneOffset` has it
 * @returns {Tick[]}
 */
export function timeTicks([low, high], count, offset = new Date(low).getTimezoneOffset()) {
  const step = timeStep(high - low, count);
  const shift = offset * minute;
  return multiples(low - shift, high - shift, step).map((local) => ({
    value: local + shift,
    label: momentLabel(new Date(local), step),
  }));
}

/**
 * @param {Date} local a date whose UTC fields are the local clock's
 * @param {number} step
 * @returns {string}
 */
function momentLabel(local, step) {
  const text = local.toISOString();
  if (step >= day || (step >= minute && local.getTime() % day === 0)) return text.slice(5, 10);
  if (step >= minute) return text.slice(11, 16);
  return step >= second ? text.slice(11, 19) : text.slice(14, 23);
}

/** @param {[number, number]} domain milliseconds @param {number} count @returns {Tick[]} */
export function durationTicks([low, high], count) {
  const step = timeStep(high - low, count);
  return multiples(low, high, step).map((value) => ({ value, label: spanLabel(value) }));
}

/** @param {number} time milliseconds @returns {string} "0", "250ms", "30s", "1m30s", "2h", "1d6h" */
function spanLabel(time) {
  if (time === 0) return "0";
  if (time < 0) return `-${spanLabel(-time)}`;
  if (time < second) return `${time}ms`;
  const parts = [
    [Math.floor(time / day), "d"],
    [Math.floor((time % day) / hour), "h"],
    [Math.floor((time % hour) / minute), "m"],
    [Number(((time % minute) / second).toFixed(3)), "s"],
  ];
  return parts
    .filter(([amount]) => amount !== 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join("");
}

/** @param {Axis} axis @param {[number, number]} domain @param {number} count @returns {Tick[]} */
export function axisTicks(axis, domain, count) {
  if (axis === "time") return timeTicks(domain, count);
  if (axis === "relative") return durationTicks(domain, count);
  return linearTicks(domain, count, true);
}
