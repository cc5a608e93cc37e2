// The zoo: which trained models this server has.

import { models as askModels } from "../api/client.js";
import { counted, formatBytes, formatCount } from "../text/format.js";
import { byID, element, setText } from "./element.js";
import { figureList } from "./modelFacts.js";
import { calmly, showProblem, startPage } from "./page.js";

/** @typedef {import("../api/types.js").ModelInfo} ModelInfo */

/** @param {ModelInfo} model @returns {HTMLElement} */
function modelCard(model) {
  const link = element("a", { href: `/models/${encodeURIComponent(model.name)}` }, model.name);
  const parts = [
    model.task,
    model.dataset,
    model.parameters ? `${formatCount(model.parameters)} parameters` : "",
    model.bytes ? formatBytes(model.bytes) : "",
  ];
  return element(
    "li",
    { class: "card" },
    element("h2", {}, link),
    element("p", {}, model.summary),
    figureList(model),
    element("p", { class: "hint" }, parts.filter((part) => part).join(" · ")),
  );
}

async function show() {
  const models = await askModels();
  showProblem(null);
  byID("models").replaceChildren(...models.map(modelCard));
  byID("empty").hidden = models.length > 0;
  setText(byID("count"), counted(models.length, "model"));
}

startPage();
calmly(show, 0)();
