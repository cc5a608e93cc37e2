// The table of runs. A change writes only the cells that differ: nothing flickers, nothing loses its focus.

import { arrange, element, setText } from "./element.js";
import { cellText, columnTitle, isNumeric } from "./runColumns.js";
import { statusChip, updateChip } from "./statusChip.js";

/** @typedef {import("../api/types.js").RunInfo} RunInfo */
/**
 * @typedef {object} TableView
 * @property {RunInfo[]} runs in their order
 * @property {string[]} columns after name and status
 * @property {string} sort
 * @property {Set<string>} selected
 */

export class RunTable {
  element = element("table", { class: "runs" });
  #head = element("tr");
  #body = element("tbody");
  #all = element("input", { type: "checkbox", "aria-label": "Select all runs shown" });
  /** @type {Map<string, RunRow>} */
  #rows = new Map();
  #columns = "";
  #onSelect;
  #onSort;
  /** @type {TableView} */
  #view = { runs: [], columns: [], sort: "", selected: new Set() };

  /**
   * @param {{ onSelect: (runs: string[], isSelected: boolean) => void, onSort: (sort: string) => void }} handlers
   */
  constructor({ onSelect, onSort }) {
    this.#onSelect = onSelect;
    this.#onSort = onSort;
    const caption = element("caption", { class: "unseen" }, "Runs");
    this.element.append(caption, element("thead", {}, this.#head), this.#body);
    this.#all.addEventListener("change", () =>
      onSelect(
        this.#view.runs.map((run) => run.id),
        this.#all.checked,
      ),
    );
    this.#body.addEventListener("change", (event) => this.#ticked(event));
    this.#body.addEventListener("click", (event) => {
      this.#isShifted = event.shiftKey;
    });
  }

  #isShifted = false;
  /** @type {string | null} the row ticked last, where a shifted tick begins */
  #anchor = null;

  /** @param {TableView} view @param {number} now */
  show(view, now) {
    this.#view = view;
    const columns = JSON.stringify(view.columns);
    if (columns !== this.#columns) this.#rows.clear();
    this.#columns = columns;
    this.#showHead();
    const rows = view.runs.map((run) => {
      const row = this.#rows.get(run.id) ?? new RunRow(run, view.columns);
      this.#rows.set(run.id, row);
      row.update(run, now, view.selected.has(run.id));
      return row.element;
    });
    arrange(this.#body, rows);
  }

  #showHead() {
    const { columns, sort, runs, selected } = this.#view;
    const count = runs.filter((run) => selected.has(run.id)).length;
    this.#all.checked = count > 0 && count === runs.length;
    this.#all.indeterminate = count > 0 && count < runs.length;
    const wanted = ["name", "status", ...columns];
    if (this.#head.dataset.columns !== JSON.stringify(wanted)) {
      this.#head.dataset.columns = JSON.stringify(wanted);
      const cells = wanted.map((column) => this.#headCell(column));
      this.#head.replaceChildren(element("th", { scope: "col", class: "tick" }, this.#all), ...cells);
    }
    for (const cell of this.#head.querySelectorAll("th[data-column]")) {
      const column = /** @type {HTMLElement} */ (cell).dataset.column;
      const order = sort === `-${column}` ? "descending" : sort === column ? "ascending" : null;
      if (order) cell.setAttribute("aria-sort", order);
      else cell.removeAttribute("aria-sort");
    }
  }

  /** @param {string} column @returns {HTMLElement} */
  #headCell(column) {
    const button = element(
      "button",
      { type: "button", class: "sort", title: columnTitle(column) },
      ...breakable(columnTitle(column)),
    );
    button.addEventListener("click", () => this.#onSort(nextSort(this.#view.sort, column)));
    const kind = column.split(".", 1)[0];
    const sign =
      kind === "params" || kind === "tags" ? element("span", { class: "kind" }, kind.slice(0, -1)) : null;
    return element(
      "th",
      { scope: "col", "data-column": column, class: isNumeric(column) ? "number" : null },
      sign,
      button,
    );
  }

  /** @param {Event} event */
  #ticked(event) {
    const box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    const order = this.#view.runs.map((run) => run.id);
    const here = order.indexOf(box.value);
    const from = this.#isShifted && this.#anchor !== null ? order.indexOf(this.#anchor) : here;
    this.#anchor = box.value;
    const span = from < 0 ? [box.value] : order.slice(Math.min(from, here), Math.max(from, here) + 1);
    this.#onSelect(span, box.checked);
  }
}

/** @param {string} key @returns {(string | HTMLElement)[]} with places where a line may break */
function breakable(key) {
  return key.split(/(?<=[/._-])/).flatMap((part) => [part, element("wbr")]);
}

/**
 * The order after a click on a column: greatest first, least first, then as before.
 * @param {string} sort
 * @param {string} column
 * @returns {string}
 */
export function nextSort(sort, column) {
  if (sort === `-${column}`) return column;
  return sort === column ? "" : `-${column}`;
}

class RunRow {
  element = element("tr");
  #box;
  #link;
  #chip;
  /** @type {[string, HTMLTableCellElement][]} */
  #cells;

  /** @param {RunInfo} run @param {string[]} columns */
  constructor(run, columns) {
    this.#box = element("input", { type: "checkbox", value: run.id });
    this.#link = element("a", { href: `/runs/${run.id}` });
    this.#chip = statusChip(run);
    this.#cells = columns.map((column) => {
      const names = [isNumeric(column) ? "number" : "", column.startsWith("params.") ? "param" : ""]
        .join(" ")
        .trim();
      return [
        column,
        element("td", { class: names || null, "data-column": column, "data-title": columnTitle(column) }),
      ];
    });
    this.element.dataset.run = run.id;
    this.element.append(
      element("td", { class: "tick" }, this.#box),
      element("th", { scope: "row" }, this.#link),
      element("td", { class: "status" }, this.#chip),
      ...this.#cells.map(([, cell]) => cell),
    );
  }

  /** @param {RunInfo} run @param {number} now @param {boolean} isSelected */
  update(run, now, isSelected) {
    this.#box.checked = isSelected;
    this.#box.setAttribute("aria-label", `Select ${run.name}`);
    this.element.classList.toggle("selected", isSelected);
    setText(this.#link, run.name);
    this.#link.title = run.id;
    updateChip(this.#chip, run);
    for (const [column, cell] of this.#cells) {
      const { text, title } = cellText(run, column, now);
      setText(cell, text);
      if (cell.title !== title) cell.title = title;
    }
  }
}
