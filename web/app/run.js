// One run: its numbers while it trains, what it was given, its files, what it printed.

import { artifacts as askArtifacts, run as askRun } from "../api/client.js";
import { artifactList } from "./artifactList.js";
import { ConsoleView } from "./consoleView.js";
import { byID, rebuildIfChanged } from "./element.js";
import { MetricCharts } from "./metricCharts.js";
import { metricTable } from "./metricTable.js";
import { calmly, showProblem, startPage, stayLive } from "./page.js";
import { ProfileView, profilePath } from "./profileView.js";
import { RunHeader } from "./runHeader.js";
import { startTabs } from "./tabs.js";
import { readView, replaceAddress, writeView } from "./viewState.js";

/** @typedef {import("../api/types.js").RunInfo} RunInfo */

const id = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const stalenessPause = 15_000; // falling silent is no write, so no event tells of it

class RunPage {
  /** @type {RunInfo | null} */
  #run = null;
  #tab = "charts";
  #header = new RunHeader();
  #console = new ConsoleView(id);
  #profile = new ProfileView();
  /** @type {(name: string) => void} */
  #showTab = () => {};
  /** Whether the address names a tab; else a profile is what is first shown of a run that is one. */
  #isTabChosen = new URLSearchParams(location.search).has("tab");
  #view = readView(new URLSearchParams(location.search));
  #charts = new MetricCharts({
    view: this.#view,
    onView: (view) => {
      this.#view = view;
      this.#writeAddress();
    },
    onProblem: showProblem,
  });
  #refresh = calmly(() => this.#update(), 1000);

  start() {
    byID("charts-panel").append(this.#charts.element);
    byID("console-panel").append(this.#console.element);
    byID("profile-panel").append(this.#profile.element);
    this.#showTab = startTabs(byID("tabs"), (name) => this.#open(name));
    this.#showTab(new URLSearchParams(location.search).get("tab") ?? "");
    stayLive((runs) => (runs === null || runs.includes(id)) && this.#refresh());
    setInterval(() => this.#run && !document.hidden && this.#header.showTimes(this.#run, Date.now()), 1000);
    setInterval(() => !document.hidden && this.#run?.status === "RUNNING" && this.#refresh(), stalenessPause);
  }

  async #update() {
    const run = await askRun(id);
    this.#run = run;
    showProblem(null);
    this.#header.show(run, Date.now());
    byID("run").hidden = false;
    this.#charts.setRuns([run]);
    this.#offerProfile(run);
    if (this.#tab === "metrics")
      rebuildIfChanged(byID("metrics-panel"), run.metrics, () => [metricTable(run)]);
    if (["files", "console", "profile"].includes(this.#tab)) await this.#showFiles(run);
  }

  /** @param {RunInfo} run */
  #offerProfile(run) {
    const isProfile = profilePath(run) !== null;
    byID("profile-tab").hidden = !isProfile;
    if (isProfile && !this.#isTabChosen) this.#showTab("profile");
    if (!isProfile && this.#tab === "profile") this.#showTab("charts");
    this.#isTabChosen = true;
  }

  /** @param {RunInfo} run */
  async #showFiles(run) {
    const artifacts = await askArtifacts(id);
    rebuildIfChanged(byID("files-panel"), artifacts, () => [artifactList(id, artifacts)]);
    if (this.#tab === "console") await this.#console.update(artifacts);
    if (this.#tab === "profile") await this.#profile.update(run, artifacts);
  }

  /** @param {string} tab */
  #open(tab) {
    this.#tab = tab;
    this.#writeAddress();
    this.#refresh();
    this.#console.scrollToEnd();
  }

  #writeAddress() {
    const query = new URLSearchParams();
    if (this.#tab !== "charts") query.set("tab", this.#tab);
    writeView(this.#view, query);
    replaceAddress(query);
  }
}

startPage();
new RunPage().start();
