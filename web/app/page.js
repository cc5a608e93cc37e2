// What all pages share: the scheme, the link to the server, problems, and words for a screen reader.

import { ApiError } from "../api/client.js";
import { watchChanges } from "../api/events.js";
import { byID, setText } from "./element.js";
import { recall, remember } from "./memory.js";

/** @typedef {import("../api/events.js").LinkState} LinkState */

/** @type {Record<LinkState, string>} */
const linkTexts = { connecting: "Connecting", live: "Live", away: "Server away" };

export function startPage() {
  const choice = /** @type {HTMLSelectElement} */ (byID("theme"));
  choice.value = recall("theme") ?? "system";
  choice.addEventListener("change", () => {
    const chosen = choice.value === "system" ? null : choice.value;
    remember("theme", chosen);
    if (chosen) document.documentElement.dataset.theme = chosen;
    else delete document.documentElement.dataset.theme;
  });
}

/** @param {(runs: string[] | null) => void} onChanges the runs that changed; null when anything may have */
export function stayLive(onChanges) {
  const sign = byID("link");
  watchChanges({
    onChanges,
    onState: (state) => {
      sign.dataset.state = state;
      setText(sign, linkTexts[state]);
    },
  });
}

/** @param {unknown} problem null takes the message away */
export function showProblem(problem) {
  if (problem instanceof DOMException && problem.name === "AbortError") return;
  const place = byID("problem");
  place.hidden = problem === null;
  setText(place, problem === null ? "" : problemText(problem));
}

/** @param {unknown} problem @returns {string} */
export function problemText(problem) {
  if (problem instanceof ApiError) return sentence(problem.message);
  if (problem instanceof TypeError) return "The server does not answer. Is `aviary serve` still running?";
  return problem instanceof Error ? problem.message : String(problem);
}

/** @param {string} text @returns {string} */
function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}

/** @param {string} text for a screen reader */
export function say(text) {
  setText(byID("spoken"), text);
}

/**
 * Calls `refresh` soon after it is asked for, never twice at once, and at most once in `pause`.
 * @param {() => Promise<void>} refresh
 * @param {number} pause milliseconds
 * @returns {() => void} asks for it
 */
export function calmly(refresh, pause) {
  let isWanted = false;
  let isBusy = false;
  const turn = async () => {
    isBusy = true;
    isWanted = false;
    await refresh().catch(showProblem);
    await new Promise((resolve) => setTimeout(resolve, pause));
    isBusy = false;
    if (isWanted) turn();
  };
  return () => {
    isWanted = true;
    if (!isBusy) turn();
  };
}
