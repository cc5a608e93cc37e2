// A classic script in the head: the chosen scheme must stand before the first paint.
(() => {
  try {
    const chosen = localStorage.getItem("aviary.theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; the system's scheme is used then.
  }
})();
