// One published model: its card, its figures, and how to have it.

import { model as askModel } from "../api/client.js";
import { copyBox } from "./copyBox.js";
import { byID, element, setText } from "./element.js";
import { markdownView } from "./markdownView.js";
import { figureList, modelFacts } from "./modelFacts.js";
import { calmly, showProblem, startPage } from "./page.js";

const name = decodeURIComponent(location.pathname.split("/")[2] ?? "");

async function show() {
  const model = await askModel(name);
  showProblem(null);
  document.title = `${model.name} · Aviary`;
  setText(byID("name"), model.name);
  setText(byID("summary"), model.summary);
  byID("figures").replaceChildren(figureList(model));
  byID("card").replaceChildren(markdownView(withoutTitle(model.card ?? "", model.name)));
  const steps = [
    ["Pull the weights, checked against their SHA-256", `aviary zoo pull ${model.name}`],
    ["Evaluate them on the test set", `aviary evaluate ${model.name}`],
  ];
  byID("how").replaceChildren(
    ...steps.map(([title, command]) => element("div", {}, element("p", {}, title), copyBox(command))),
  );
  const facts = modelFacts(model).map(([term, value]) =>
    element("div", {}, element("dt", {}, term), element("dd", {}, value)),
  );
  byID("facts").replaceChildren(...facts);
  byID("model").hidden = false;
}

/**
 * @param {string} card
 * @param {string} title
 * @returns {string} the card without a first heading that only says the name again
 */
function withoutTitle(card, title) {
  const first = /^\s*#\s+(.*)\n/.exec(card);
  return first && first[1].trim().toLowerCase() === title.toLowerCase() ? card.slice(first[0].length) : card;
}

startPage();
calmly(show, 0)();
