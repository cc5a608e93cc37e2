// What the browser remembers for this server. Storage may be forbidden or full; nothing depends on it.

/** @param {string} key @returns {string | null} */
export function recall(key) {
  try {
    return localStorage.getItem(`aviary.${key}`);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string | null} value null forgets */
export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(`aviary.${key}`);
    else localStorage.setItem(`aviary.${key}`, value);
  } catch {
    // Not remembered.
  }
}
