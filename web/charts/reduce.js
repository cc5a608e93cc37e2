// From the server's buckets to arrays that can be drawn. Pure.

/** @typedef {import("../api/types.js").SeriesAnswer} SeriesAnswer */
/**
 * One series, bucket by bucket. Where a bucket holds no finite value, `line`, `mean`, `low` and `high` are NaN.
 * @typedef {object} Columns
 * @property {number} width of a bucket
 * @property {Float64Array} x the middle of each bucket
 * @property {Float64Array} line the last value; the mean where the last one is not finite
 * @property {Float64Array} mean
 * @property {Float64Array} low
 * @property {Float64Array} high
 * @property {Uint32Array} count
 * @property {Mark[]} marks buckets with values that have no place on an axis
 * @property {number} pointCount
 * @property {number} nanCount
 */
/** @typedef {{ x: number, kind: "nan" | "above" | "below" }} Mark */

/** @param {SeriesAnswer} answer @returns {Columns} */
export function columnsOf(answer) {
  const size = answer.buckets.length;
  /** @type {Columns} */
  const columns = {
    width: answer.width,
    x: new Float64Array(size),
    line: new Float64Array(size),
    mean: new Float64Array(size),
    low: new Float64Array(size),
    high: new Float64Array(size),
    count: new Uint32Array(size),
    marks: [],
    pointCount: 0,
    nanCount: 0,
  };
  answer.buckets.forEach((bucket, index) => {
    const x = bucket.x + (answer.width - 1) / 2;
    const mean = bucket.mean ?? NaN;
    columns.x[index] = x;
    columns.mean[index] = mean;
    columns.line[index] = Number.isFinite(bucket.last) ? bucket.last : mean;
    columns.low[index] = bucket.min ?? NaN;
    columns.high[index] = bucket.max ?? NaN;
    columns.count[index] = bucket.count;
    columns.pointCount += bucket.count;
    columns.nanCount += bucket.nan;
    if (bucket.nan > 0) columns.marks.push({ x, kind: "nan" });
    if (bucket.last === Infinity || bucket.first === Infinity) columns.marks.push({ x, kind: "above" });
    if (bucket.last === -Infinity || bucket.first === -Infinity) columns.marks.push({ x, kind: "below" });
  });
  return columns;
}

/**
 * Smooths by an exponential moving average whose memory is a length of the axis, not a number of points: two
 * series logged at different rates are smoothed alike. The sum of the weights is divided out, so that the first
 * values are not drawn towards zero. Values that are not finite stay gaps and are passed over.
 *
 * Source: Weights & Biases, "Smooth line plots", time-weighted exponential moving average.
 *
 * @param {Float64Array} x rising
 * @param {Float64Array} y
 * @param {number} weight 0 changes nothing, 0.999 smooths most
 * @param {number} span length of the shown axis
 * @returns {Float64Array}
 */
export function smooth(x, y, weight, span) {
  if (weight <= 0) return y.slice();
  const kept = Math.min(Math.sqrt(weight), 0.999);
  const smoothed = new Float64Array(y.length);
  let sum = 0;
  let weights = 0;
  let before = NaN;
  for (let i = 0; i < y.length; i += 1) {
    if (!Number.isFinite(y[i])) {
      smoothed[i] = NaN;
      continue;
    }
    const moved = Number.isNaN(before) || span <= 0 ? 0 : ((x[i] - before) / span) * 1000;
    const memory = kept ** moved;
    sum = sum * memory + y[i];
    weights = weights * memory + 1;
    smoothed[i] = sum / weights;
    before = x[i];
  }
  return smoothed;
}

/**
 * The first index whose value is not below `wanted`; the length when there is none.
 * @param {Float64Array} x rising
 * @param {number} wanted
 * @returns {number}
 */
export function lowerBound(x, wanted) {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (x[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The index nearest to a place on the axis.
 * @param {Float64Array} x rising
 * @param {number} wanted
 * @returns {number} -1 when there is none
 */
export function nearest(x, wanted) {
  if (x.length === 0) return -1;
  const right = lowerBound(x, wanted);
  if (right === 0) return 0;
  if (right === x.length) return x.length - 1;
  return wanted - x[right - 1] <= x[right] - wanted ? right - 1 : right;
}

/**
 * From the beginning of the first to the end of the last bucket of all series, widened where that is a single one.
 * @param {Columns[]} all
 * @param {number} least the least length
 * @returns {[number, number] | null} null when there is no point
 */
export function extentX(all, least) {
  let low = Infinity;
  let high = -Infinity;
  for (const { x, width } of all) {
    if (x.length === 0) continue;
    low = Math.min(low, x[0] - (width - 1) / 2);
    high = Math.max(high, x[x.length - 1] + (width - 1) / 2);
  }
  if (low > high) return null;
  return high - low >= least ? [low, high] : [(low + high - least) / 2, (low + high + least) / 2];
}

/**
 * The range of the values that stand between `from` and `to`, with a little air above and below.
 * @param {Columns[]} all
 * @param {[number, number]} domain of x
 * @param {boolean} logarithmic whether values up to 0 are left out, and the air is a factor
 * @returns {[number, number] | null} null when there is nothing to show
 */
export function extentY(all, [from, to], logarithmic) {
  let low = Infinity;
  let high = -Infinity;
  for (const { x, low: lows, high: highs, line } of all) {
    for (let i = lowerBound(x, from); i < x.length && x[i] <= to; i += 1) {
      // A bucket may reach from below zero to above it: on a log axis its line value is what can be shown.
      const least = logarithmic && !(lows[i] > 0) ? line[i] : lows[i];
      if (!logarithmic || least > 0) low = Math.min(low, Number.isNaN(least) ? low : least);
      if (!logarithmic || highs[i] > 0) high = Math.max(high, Number.isNaN(highs[i]) ? high : highs[i]);
    }
  }
  if (logarithmic && high > 0 && low === Infinity) low = high;
  if (low > high || low === Infinity) return null;
  if (logarithmic) {
    const factor = low === high ? 2 : (high / low) ** 0.05;
    return [low / factor, high * factor];
  }
  const air = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * 0.05;
  return [low - air, high + air];
}

/** @param {Columns[]} all @returns {number} buckets whose value a log axis cannot show */
export function nonPositiveCount(all) {
  return all.reduce((sum, { line }) => sum + line.filter((value) => value <= 0).length, 0);
}
