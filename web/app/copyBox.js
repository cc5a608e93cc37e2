// A command with a button that copies it.

import { element, setText } from "./element.js";

/** @param {string} text @param {string} [label] what it is, for a screen reader @returns {HTMLElement} */
export function copyBox(text, label = "command") {
  const code = element("code", {}, text);
  const button = element(
    "button",
    { type: "button", class: "quiet", "aria-label": `Copy the ${label}` },
    "Copy",
  );
  button.addEventListener("click", async () => {
    const copied = await copy(text, code);
    button.textContent = copied ? "Copied" : "Press Ctrl+C";
    setTimeout(() => setText(button, "Copy"), 2000);
  });
  return element("div", { class: "copy-box" }, element("pre", { tabindex: 0 }, code), button);
}

/**
 * @param {string} text
 * @param {Node} shown
 * @returns {Promise<boolean>} false when the text was only selected
 */
async function copy(text, shown) {
  try {
    await navigator.clipboard.writeText(text); // there is none on a plain http address of another machine
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}
