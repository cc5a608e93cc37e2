// Tabs as the ARIA practices describe them: one in the tab order, arrows move. One that is hidden is not there.

/** @param {HTMLElement} list of role tablist @param {(name: string) => void} onChange */
export function startTabs(list, onChange) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);
  /** @param {string} name */
  const show = (name) => {
    for (const tab of tabs) {
      const isChosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      if (panel) panel.hidden = !isChosen;
    }
    onChange(name);
  };
  for (const tab of tabs) tab.addEventListener("click", () => show(tab.dataset.tab ?? ""));
  list.addEventListener("keydown", (event) => {
    const there = tabs.filter((tab) => !tab.hidden);
    const now = there.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    const moves = new Map([
      ["ArrowRight", now + 1],
      ["ArrowLeft", now - 1],
      ["Home", 0],
      ["End", there.length - 1],
    ]);
    const next = moves.get(event.key);
    if (next === undefined) return;
    event.preventDefault();
    const tab = there[(next + there.length) % there.length];
    tab.focus();
    show(tab.dataset.tab ?? "");
  });
  /** @param {string} name shown first; the first tab where there is none of this name */
  return (name) => show(tabs.some((tab) => tab.dataset.tab === name) ? name : (tabs[0].dataset.tab ?? ""));
}
