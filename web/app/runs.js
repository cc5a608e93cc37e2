// The run table: which runs there are, which is best, what is running.

import { ApiError, experiments as askExperiments } from "../api/client.js";
import { readClientLink } from "../text/clientLinks.js";
import { counted } from "../text/format.js";
import { ColumnPicker } from "./columnPicker.js";
import { Comparison } from "./comparison.js";
import { byID, element, setText } from "./element.js";
import { firstSteps, nothingFits } from "./emptyRuns.js";
import { recall, remember } from "./memory.js";
import { calmly, say, showProblem, startPage, stayLive } from "./page.js";
import { RunCollection } from "./runCollection.js";
import { defaultColumns, isQuery, matches, possibleColumns, sortRuns } from "./runColumns.js";
import { RunTable } from "./runTable.js";
import { readTableState, readView, replaceAddress, writeTableState, writeView } from "./viewState.js";

/** @typedef {import("../api/types.js").RunInfo} RunInfo */

const rowsAtOnce = 200;
const stalenessPause = 15_000; // falling silent is no write, so no event tells of it

class RunsPage {
  #state = readTableState(new URLSearchParams(location.search));
  #view = readView(new URLSearchParams(location.search));
  #runs = new RunCollection();
  #rowLimit = rowsAtOnce;
  /** @type {Set<string> | null} runs that changed since the last refresh; null when anything may have */
  #changed = null;
  #isLoaded = false;
  #experiment = /** @type {HTMLSelectElement} */ (byID("experiment"));
  #filter = /** @type {HTMLInputElement} */ (byID("filter"));
  #table = new RunTable({
    onSelect: (runs, isSelected) => this.#select(runs, isSelected),
    onSort: (sort) => this.#set({ sort }),
  });
  #picker = new ColumnPicker((columns) => this.#chooseColumns(columns));
  #comparison = new Comparison({
    view: this.#view,
    onView: (view) => {
      this.#view = view;
      this.#writeAddress();
    },
    onProblem: showProblem,
  });
  #refresh = calmly(() => this.#update(), 700);

  start() {
    this.#state.columns ??= rememberedColumns(this.#state.experiment);
    this.#filter.value = this.#state.filter;
    byID("table").append(this.#table.element);
    byID("comparison").append(this.#comparison.element);
    this.#listen();
    this.#refresh();
    stayLive((runs) => {
      if (runs === null) this.#changed = null;
      else for (const run of runs) this.#changed?.add(run);
      this.#refresh();
    });
    setInterval(() => !document.hidden && this.#isLoaded && this.#showTable(), 1000);
    setInterval(() => !document.hidden && this.#askWhetherStale(), stalenessPause);
  }

  #listen() {
    this.#experiment.addEventListener("change", () => this.#chooseExperiment(this.#experiment.value));
    this.#filter.addEventListener("input", () => this.#set({ filter: this.#filter.value.trim() }));
    byID("choose-columns").addEventListener("click", () =>
      this.#picker.open(possibleColumns(this.#runs.all), this.#columns()),
    );
    byID("compare").addEventListener("click", () => this.#compare(true));
    byID("clear-selection").addEventListener("click", () => this.#set({ selected: [] }));
    byID("back-to-table").addEventListener("click", () => this.#compare(false));
    byID("more-rows").addEventListener("click", () => {
      this.#rowLimit += rowsAtOnce;
      this.#showTable();
    });
    addEventListener("popstate", () => {
      this.#state = readTableState(new URLSearchParams(location.search));
      this.#filter.value = this.#state.filter;
      this.#changed = null;
      this.#refresh();
    });
    document.addEventListener("keydown", (event) => {
      const isTyping =
        event.target instanceof Element && event.target.closest("input, select, textarea, dialog");
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.#filter.focus();
    });
  }

  async #update() {
    const changed = this.#changed;
    this.#changed = new Set(); // before the question: what changes meanwhile is asked again
    const before = new Set(this.#runs.all.map((run) => run.id));
    try {
      if (changed === null) await this.#load();
      else await this.#runs.update([...changed]);
      await this.#loadSelected();
      const fresh = this.#runs.all.filter((run) => !before.has(run.id));
      if (changed === null || fresh.length > 0) this.#showExperiments(await askExperiments());
      if (this.#isLoaded && fresh.length > 0) say(counted(fresh.length, "new run"));
    } catch (problem) {
      this.#changed = null;
      throw problem;
    }
    showProblem(null);
    this.#isLoaded = true;
    this.#show();
  }

  /** A filter that the server refuses leaves what was found before, and says why. */
  async #load() {
    const query = this.#query();
    try {
      await this.#runs.load(this.#state.experiment, query);
      this.#showFilterProblem("");
    } catch (problem) {
      if (query === "" || !(problem instanceof ApiError && problem.code === "invalid")) throw problem;
      this.#showFilterProblem(problem.message);
    }
  }

  /** @returns {string} what the server is to filter by; "" for nothing */
  #query() {
    return isQuery(this.#state.filter) ? this.#state.filter : "";
  }

  /** @param {string} problem "" for none */
  #showFilterProblem(problem) {
    setText(byID("filter-problem"), problem);
    this.#filter.setAttribute("aria-invalid", String(problem !== ""));
  }

  /** Runs named in the address may be older than those loaded, or of another experiment. */
  async #loadSelected() {
    const missing = this.#state.selected.filter((id) => !this.#runs.get(id));
    await this.#runs.fetch(missing);
    this.#state.selected = this.#state.selected.filter((id) => this.#runs.get(id));
  }

  #askWhetherStale() {
    const running = this.#runs.all.filter((run) => run.status === "RUNNING" && !run.stale);
    for (const run of running) this.#changed?.add(run.id);
    if (running.length > 0) this.#refresh();
  }

  /** @param {Partial<import("./viewState.js").TableState>} part */
  #set(part) {
    Object.assign(this.#state, part);
    this.#writeAddress();
    if ("filter" in part && this.#query() !== this.#runs.filter) {
      this.#changed = null;
      this.#refresh();
    } else if ("filter" in part) {
      this.#showFilterProblem("");
    }
    this.#show();
  }

  /** @param {boolean} [asStep] */
  #writeAddress(asStep) {
    const query = writeTableState(this.#state);
    if (this.#state.comparing) writeView(this.#view, query);
    replaceAddress(query, asStep);
  }

  /** @param {string} experiment */
  #chooseExperiment(experiment) {
    this.#state = { ...this.#state, experiment, columns: rememberedColumns(experiment) };
    this.#changed = null;
    this.#rowLimit = rowsAtOnce;
    this.#writeAddress();
    this.#refresh();
  }

  /** @param {string[] | null} columns */
  #chooseColumns(columns) {
    remember(`columns:${this.#state.experiment}`, columns && JSON.stringify(columns));
    this.#set({ columns });
  }

  /** @param {string[]} runs @param {boolean} isSelected */
  #select(runs, isSelected) {
    const selected = new Set(this.#state.selected);
    for (const run of runs) {
      if (isSelected) selected.add(run);
      else selected.delete(run);
    }
    this.#set({ selected: [...selected] });
  }

  /** @param {boolean} comparing */
  #compare(comparing) {
    this.#state.comparing = comparing;
    this.#writeAddress(true);
    this.#show();
    byID(comparing ? "back-to-table" : "compare").focus();
  }

  #columns() {
    return this.#state.columns ?? defaultColumns(this.#runs.all, this.#state.experiment !== "");
  }

  #show() {
    const { selected, comparing } = this.#state;
    const isComparing = comparing && selected.length > 0;
    byID("overview").hidden = isComparing;
    byID("comparison-view").hidden = !isComparing;
    byID("selection").hidden = isComparing || selected.length === 0;
    setText(byID("selection-count"), `${counted(selected.length, "run")} selected`);
    if (isComparing) this.#comparison.show(selected.flatMap((id) => this.#runs.get(id) ?? []));
    this.#showTable();
  }

  #showTable() {
    const now = Date.now();
    const words = this.#query() === "" ? this.#state.filter : "";
    const fitting = this.#runs.all.filter((run) => matches(run, words));
    const runs = sortRuns(fitting, this.#state.sort, now).slice(0, this.#rowLimit);
    const { sort, selected } = this.#state;
    this.#table.show({ runs, columns: this.#columns(), sort, selected: new Set(selected) }, now);
    byID("more-rows").hidden = fitting.length <= this.#rowLimit;
    byID("table").hidden = runs.length === 0;
    setText(byID("count"), this.#countText(fitting.length));
    this.#showEmpty(fitting.length);
  }

  /** @param {number} fitting @returns {string} */
  #countText(fitting) {
    const total = this.#runs.all.length;
    const text = fitting === total ? counted(total, "run") : `${fitting} of ${counted(total, "run")}`;
    return this.#runs.isCut ? `${text}, the newest; choose an experiment to see older ones` : text;
  }

  /** @param {number} fitting */
  #showEmpty(fitting) {
    const place = byID("empty");
    const isFirst = this.#runs.all.length === 0 && this.#state.filter === "";
    const kind = !this.#isLoaded || fitting > 0 ? "" : isFirst ? "first" : "filter";
    if (place.dataset.kind === kind) return;
    place.dataset.kind = kind;
    const clear = () => {
      this.#filter.value = "";
      this.#set({ filter: "" });
    };
    place.replaceChildren(...(kind === "" ? [] : [kind === "first" ? firstSteps() : nothingFits(clear)]));
  }

  /** @param {import("../api/types.js").ExperimentInfo[]} all */
  #showExperiments(all) {
    const options = all.map(({ name, runCount }) =>
      element("option", { value: name }, `${name} (${runCount})`),
    );
    this.#experiment.replaceChildren(element("option", { value: "" }, "All experiments"), ...options);
    if (!all.some(({ name }) => name === this.#state.experiment) && this.#state.experiment !== "") {
      const name = this.#state.experiment;
      this.#experiment.append(element("option", { value: name }, name));
    }
    this.#experiment.value = this.#state.experiment;
  }
}

/** @param {string} experiment @returns {string[] | null} */
function rememberedColumns(experiment) {
  try {
    const value = JSON.parse(recall(`columns:${experiment}`) ?? "null");
    return Array.isArray(value) ? value.map(String) : null;
  } catch {
    return null;
  }
}

/** Goes where an address leads that one of MLflow's clients printed. */
async function followClientLink() {
  const link = readClientLink(location.hash);
  if (link === null) return;
  if (link.run !== null) return location.replace(`/runs/${link.run}`);
  const known = (await askExperiments()).find(({ id }) => String(id) === link.experiment);
  location.replace(known ? `/?experiment=${encodeURIComponent(known.name)}` : "/");
}

startPage();
new RunsPage().start();
// Another address with only its `#` changed does not load the page anew.
addEventListener("hashchange", () => followClientLink().catch(showProblem));
followClientLink().catch(showProblem);
