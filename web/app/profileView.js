// Where a step's time went: the profile that a run keeps as a file, as a picture and as tables.

import { artifactBytes } from "../api/client.js";
import { FlameChart } from "../charts/flameChart.js";
import { formatBytes, formatCount, formatNumber } from "../text/format.js";
import { gigaflops, milliseconds, percent, readProfile } from "../text/profile.js";
import { element } from "./element.js";

/** @typedef {import("../api/types.js").ArtifactInfo} ArtifactInfo */
/** @typedef {import("../api/types.js").RunInfo} RunInfo */
/** @typedef {import("../text/profile.js").Profile} Profile */
/** @typedef {import("../text/profile.js").ProfileGroup} ProfileGroup */

const mostBytes = 4 * 1024 * 1024; // a profile of a thousand layers has some 2 MiB

/** @param {RunInfo} run @returns {string | null} where the run keeps its profile; null where it is none */
export function profilePath(run) {
  return run.tags["aviary.profile"] ?? null;
}

export class ProfileView {
  element = element("div", { class: "profile" }, hint("The profile comes when its steps have been made."));
  #sha256 = "";

  /** @param {RunInfo} run @param {ArtifactInfo[]} artifacts as they are now */
  async update(run, artifacts) {
    const path = profilePath(run);
    const file = artifacts.find((artifact) => artifact.path === path);
    if (!file || file.sha256 === this.#sha256) return;
    if (file.size > mostBytes) {
      this.element.replaceChildren(hint(`${file.path} has ${formatBytes(file.size)}: too much to be shown.`));
    } else {
      const { bytes } = await artifactBytes(run.id, file.path, 0);
      this.element.replaceChildren(...shown(file.path, new TextDecoder().decode(bytes)));
    }
    this.#sha256 = file.sha256;
  }
}

/** @param {string} path @param {string} text @returns {Node[]} */
function shown(path, text) {
  /** @type {Profile} */
  let profile;
  try {
    profile = readProfile(text);
  } catch (problem) {
    const reason = problem instanceof Error ? problem.message : String(problem);
    return [hint(`${path} is not a profile that can be shown: ${reason}.`)];
  }
  return [
    element("p", { class: "profile-head" }, headline(profile)),
    new FlameChart(profile).element,
    groupTable("Operations", profile.operations, profile.stepNanoseconds),
    groupTable("Layers", profile.layers, profile.stepNanoseconds),
  ];
}

/** @param {Profile} profile @returns {string} */
function headline({ stepNanoseconds, steps, limit }) {
  const rates = [
    `${gigaflops(limit.f32FlopsPerSecond)} in f32`,
    `${gigaflops(limit.bf16FlopsPerSecond)} in bf16`,
    `${formatNumber(limit.bytesPerSecond / 1e9)} GB/s`,
  ];
  return (
    `A step takes ${milliseconds(stepNanoseconds)} (median of ${formatCount(steps)}). ` +
    `The machine's limit: ${rates.join(", ")}.`
  );
}

/** @param {string} title @param {ProfileGroup[]} groups @param {number} whole @returns {HTMLElement} */
function groupTable(title, groups, whole) {
  const heads = ["Calls", "Time", "Of the step", "Speed", "Bytes", "Of the limit", "Reorders"];
  const rows = groups.map((group) => {
    const isMeasured = group.flops > 0 || group.bytes > 0;
    const cells = [
      formatCount(group.calls),
      milliseconds(group.nanoseconds),
      percent(group.nanoseconds / Math.max(1, whole)),
      group.flops > 0 ? gigaflops(group.flopsPerSecond) : "–",
      group.bytes > 0 ? formatBytes(group.bytes) : "–",
      isMeasured ? percent(group.share) : "–",
      formatCount(group.reorders),
    ];
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, group.name),
      ...cells.map((text) => element("td", { class: "number" }, text)),
    );
  });
  const head = element(
    "tr",
    {},
    element("th", { scope: "col" }, title.slice(0, -1)),
    ...heads.map((text) => element("th", { scope: "col", class: "number" }, text)),
  );
  const table = element(
    "table",
    {},
    element("caption", {}, title),
    element("thead", {}, head),
    element("tbody", {}, ...rows),
  );
  return element("div", { class: "table-frame", tabindex: 0, role: "region", "aria-label": title }, table);
}

/** @param {string} text @returns {HTMLElement} */
function hint(text) {
  return element("p", { class: "hint" }, text);
}
