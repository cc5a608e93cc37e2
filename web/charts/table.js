// The same numbers as a table, for those who cannot see a line.

import { formatCount, formatNumber } from "../text/format.js";
import { placeText } from "./reading.js";

/** @typedef {import("./reading.js").Line} Line */

const mostRows = 1000;

/**
 * @param {string} key
 * @param {Line[]} lines
 * @param {import("../api/types.js").Axis} axis
 * @returns {HTMLTableElement}
 */
export function seriesTable(key, lines, axis) {
  const table = document.createElement("table");
  const total = lines.reduce((sum, line) => sum + line.columns.x.length, 0);
  const cut = total > mostRows ? `, the first ${formatCount(mostRows)} of ${formatCount(total)} rows` : "";
  table.createCaption().textContent = `${key}${cut}`;
  const head = table.createTHead().insertRow();
  for (const name of ["Run", "At", "Last", "Mean", "Min", "Max", "Points"]) {
    const cell = head.appendChild(document.createElement("th"));
    cell.scope = "col";
    if (name !== "Run" && name !== "At") cell.className = "number";
    cell.textContent = name;
  }
  const body = table.createTBody();
  for (const line of lines) {
    for (let i = 0; i < line.columns.x.length && body.rows.length < mostRows; i += 1)
      addRow(body, line, i, axis);
  }
  return table;
}

/**
 * @param {HTMLTableSectionElement} body
 * @param {Line} line
 * @param {number} index
 * @param {import("../api/types.js").Axis} axis
 */
function addRow(body, { label, columns }, index, axis) {
  const row = body.insertRow();
  const numbers = [columns.line, columns.mean, columns.low, columns.high].map((values) =>
    formatNumber(values[index]),
  );
  row.insertCell().textContent = label;
  row.insertCell().textContent = placeText(axis, columns, index);
  for (const text of [...numbers, formatCount(columns.count[index])]) {
    const cell = row.insertCell();
    cell.className = "number";
    cell.textContent = text;
  }
}
