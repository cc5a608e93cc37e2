// The dialog in which the columns of the run table are chosen.

import { byID, element } from "./element.js";
import { columnTitle } from "./runColumns.js";

/** @type {[string, string][]} */
const kinds = [
  ["", "Run"],
  ["metrics.", "Metrics"],
  ["params.", "Params"],
  ["tags.", "Tags"],
];

export class ColumnPicker {
  #dialog = /** @type {HTMLDialogElement} */ (byID("columns"));
  #search = /** @type {HTMLInputElement} */ (byID("column-search"));
  #list = byID("column-list");
  /** @type {string[]} */
  #possible = [];
  /** @type {Set<string>} */
  #chosen = new Set();
  #onChange;

  /** @param {(columns: string[] | null) => void} onChange null for those chosen by themselves */
  constructor(onChange) {
    this.#onChange = onChange;
    this.#search.addEventListener("input", () => this.#fill());
    byID("column-reset").addEventListener("click", () => {
      onChange(null);
      this.#dialog.close();
    });
    byID("column-close").addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("click", (event) => event.target === this.#dialog && this.#dialog.close());
  }

  /** @param {string[]} possible @param {string[]} chosen */
  open(possible, chosen) {
    this.#possible = [...new Set([...possible, ...chosen])];
    this.#chosen = new Set(chosen);
    this.#search.value = "";
    this.#fill();
    this.#dialog.showModal();
  }

  #fill() {
    const wanted = this.#search.value.toLowerCase().trim();
    const fitting = this.#possible.filter((column) => columnTitle(column).toLowerCase().includes(wanted));
    const sections = kinds.flatMap(([prefix, title]) => {
      const members = fitting.filter((column) =>
        prefix === "" ? !column.includes(".") : column.startsWith(prefix),
      );
      if (members.length === 0) return [];
      return [
        element(
          "fieldset",
          {},
          element("legend", {}, title),
          ...members.map((column) => this.#choice(column)),
        ),
      ];
    });
    const none = element("p", { class: "hint" }, "No column has this in its name.");
    this.#list.replaceChildren(...(sections.length > 0 ? sections : [none]));
  }

  /** @param {string} column @returns {HTMLElement} */
  #choice(column) {
    const box = element("input", { type: "checkbox", value: column });
    box.checked = this.#chosen.has(column);
    box.addEventListener("change", () => {
      if (box.checked) this.#chosen.add(column);
      else this.#chosen.delete(column);
      this.#onChange([...this.#chosen]); // a new column stands last: it never moves those that were there
    });
    return element("label", {}, box, columnTitle(column));
  }
}
