// What a run has printed: the end of its log, followed while it grows.

import { artifactAddress, artifactBytes } from "../api/client.js";
import { formatBytes } from "../text/format.js";
import { fromFirstWholeLine, plainConsole } from "../text/console.js";
import { element, setText } from "./element.js";

/** @typedef {import("../api/types.js").ArtifactInfo} ArtifactInfo */

const path = "logs/console.log";
const mostBytes = 256 * 1024; // what is shown; the file itself is one click away

export class ConsoleView {
  element = element("div", { class: "console" });
  #text = element("pre", { tabindex: 0, role: "log", "aria-label": "Console", "aria-live": "off" });
  #follow = element("input", { type: "checkbox", id: "follow" });
  #note = element("p", { class: "hint" }, "This run has printed nothing yet.");
  #download = element("a", { class: "button", download: "console.log", hidden: true }, "Download");
  #run;
  #shown = "";
  #end = 0; // bytes of the log that are shown, or were passed over
  #sha256 = "";
  #decoder = new TextDecoder();

  /** @param {string} run */
  constructor(run) {
    this.#run = run;
    this.#follow.checked = true;
    this.#download.href = artifactAddress(run, path);
    const label = element("label", { for: "follow" }, this.#follow, " Follow");
    this.element.append(element("div", { class: "toolbar" }, label, this.#download), this.#note, this.#text);
    this.#follow.addEventListener("change", () => this.scrollToEnd());
    this.#text.addEventListener("scroll", () => {
      const below = this.#text.scrollHeight - this.#text.scrollTop - this.#text.clientHeight;
      if (this.#text.clientHeight > 0) this.#follow.checked = below < 8;
    });
  }

  /** @param {ArtifactInfo[]} artifacts as they are now @param {AbortSignal} [signal] */
  async update(artifacts, signal) {
    const log = artifacts.find((artifact) => artifact.path === path);
    this.#download.hidden = !log;
    this.#text.hidden = !log;
    if (!log || log.sha256 === this.#sha256) return;
    if (log.size <= this.#end) this.#restart(); // not grown but another file
    const start = Math.max(this.#end, log.size - mostBytes);
    if (start > this.#end) this.#restart();
    if (log.size > 0) await this.#read(start, signal);
    this.#sha256 = log.sha256;
    const left = Math.max(0, log.size - mostBytes);
    setText(this.#note, left > 0 ? `The first ${formatBytes(left)} are not shown.` : "");
  }

  scrollToEnd() {
    if (this.#follow.checked) this.#text.scrollTop = this.#text.scrollHeight;
  }

  #restart() {
    this.#shown = "";
    this.#end = 0;
    this.#decoder = new TextDecoder();
  }

  /** @param {number} start @param {AbortSignal} [signal] */
  async #read(start, signal) {
    const { start: begins, bytes } = await artifactBytes(this.#run, path, start, signal);
    if (begins < this.#end) this.#restart();
    const isCut = this.#end === 0 && begins > 0;
    const text = this.#decoder.decode(bytes, { stream: true });
    this.#shown = (this.#shown + (isCut ? fromFirstWholeLine(text) : text)).slice(-2 * mostBytes);
    this.#end = begins + bytes.length;
    setText(this.#text, plainConsole(this.#shown));
    this.scrollToEnd();
  }
}
