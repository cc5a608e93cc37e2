// Numbers, times and sizes as people read them. Pure: the language and the clock are arguments where they matter.

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * A measured value in four significant digits; whole numbers and thousands keep all of theirs.
 * @param {number | null | undefined} value
 * @returns {string} "–" when there is none
 */
export function formatNumber(value) {
  if (value === null || value === undefined) return "–";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return trimExponent(value.toExponential(3));
  if (Number.isInteger(value) || size >= 1000) return grouped.format(value);
  return String(Number(value.toPrecision(4)));
}

/** @param {string} text as toExponential writes it @returns {string} without zeros that say nothing */
function trimExponent(text) {
  const [digits, exponent] = text.split("e");
  return `${String(Number(digits))}e${exponent.replace("+", "")}`;
}

/** @param {number} value @returns {string} a whole number with its thousands set apart */
export function formatCount(value) {
  return grouped.format(Math.round(value));
}

/** @param {number} count @param {string} noun in the singular @returns {string} "1 run", "2 runs" */
export function counted(count, noun) {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** @param {number} bytes @returns {string} in powers of 1024, as `ls -h` has them */
export function formatBytes(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${size} B` : `${size.toFixed(size < 10 ? 1 : 0)} ${units[unit]}`;
}

/**
 * A length of time in its two greatest units.
 * @param {number} milliseconds
 * @returns {string} "420 ms", "3.2 s", "4 min 10 s", "2 h 5 min", "3 d 4 h"
 */
export function formatDuration(milliseconds) {
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (milliseconds < second) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 10 * second) return `${(milliseconds / second).toFixed(1)} s`;
  const whole = Math.round(milliseconds / second) * second;
  if (whole < minute) return `${whole / second} s`;
  if (whole < hour) return pair(whole, minute, "min", second, "s");
  if (whole < day) return pair(whole, hour, "h", minute, "min");
  return pair(whole, day, "d", hour, "h");
}

/**
 * @param {number} time
 * @param {number} great
 * @param {string} greatName
 * @param {number} small
 * @param {string} smallName
 */
function pair(time, great, greatName, small, smallName) {
  const rest = Math.floor((time % great) / small);
  const head = `${Math.floor(time / great)} ${greatName}`;
  return rest === 0 ? head : `${head} ${rest} ${smallName}`;
}

/**
 * How long ago something was.
 * @param {number} then milliseconds since the epoch
 * @param {number} now
 * @returns {string} "just now", "5 min ago", "3 h ago", "2 d ago"; a date when it is long ago
 */
export function formatAgo(then, now) {
  const passed = now - then;
  if (passed < 10 * second) return "just now";
  if (passed < minute) return `${Math.floor(passed / second)} s ago`;
  if (passed < hour) return `${Math.floor(passed / minute)} min ago`;
  if (passed < day) return `${Math.floor(passed / hour)} h ago`;
  if (passed < 14 * day) return `${Math.floor(passed / day)} d ago`;
  return formatDate(then).slice(0, 10);
}

/** @param {number} time milliseconds since the epoch @returns {string} local time as "2026-03-01 12:00:05" */
export function formatDate(time) {
  const date = new Date(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(time)}`;
}

/** @param {number} time milliseconds since the epoch @returns {string} local time of day as "12:00:05" */
export function formatClock(time) {
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** @param {number} value */
function two(value) {
  return String(value).padStart(2, "0");
}
