// What a terminal would show of a program's output.

// ECMA-48: CSI sequences (colours, cursor), OSC sequences (titles, links), other two-character escapes.
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[ -/]*[0-~])/g;

/**
 * Takes terminal control out of a log, and of a line that was overwritten keeps what stood there last.
 * @param {string} text
 * @returns {string}
 */
export function plainConsole(text) {
  return text
    .replace(escapes, "")
    .split("\n")
    .map((line) => {
      const written = line.split("\r").filter((part) => part !== "");
      return written.length > 0 ? written[written.length - 1] : "";
    })
    .join("\n");
}

/**
 * Drops the beginning of a text that was cut anywhere, so that it begins with a whole line.
 * @param {string} text
 * @returns {string}
 */
export function fromFirstWholeLine(text) {
  const end = text.indexOf("\n");
  return end < 0 ? text : text.slice(end + 1);
}
