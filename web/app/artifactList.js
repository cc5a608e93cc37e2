// The files a run keeps.

import { artifactAddress } from "../api/client.js";
import { formatBytes } from "../text/format.js";
import { element } from "./element.js";

/** @typedef {import("../api/types.js").ArtifactInfo} ArtifactInfo */

/** @param {string} run @param {ArtifactInfo[]} artifacts @returns {HTMLElement} */
export function artifactList(run, artifacts) {
  if (artifacts.length === 0) return element("p", { class: "hint" }, "This run keeps no files.");
  const rows = artifacts.map((artifact) => {
    const address = artifactAddress(run, artifact.path);
    const name = artifact.path.split("/").pop() ?? artifact.path;
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, element("a", { href: address, download: name }, artifact.path)),
      element("td", { class: "number" }, formatBytes(artifact.size)),
      element("td", {}, element("code", { title: artifact.sha256 }, artifact.sha256.slice(0, 12))),
    );
  });
  const head = element(
    "tr",
    {},
    element("th", { scope: "col" }, "File"),
    element("th", { scope: "col", class: "number" }, "Size"),
    element("th", { scope: "col" }, "SHA-256"),
  );
  return element(
    "table",
    { class: "files" },
    element("caption", { class: "unseen" }, "Files of this run"),
    element("thead", {}, head),
    element("tbody", {}, ...rows),
  );
}
