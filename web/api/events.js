// The stream of changes. It is closed while nobody looks: browsers keep at most six HTTP/1.1 connections to one
// server, so six forgotten tabs would leave the seventh page waiting for its first byte.

/** @typedef {"connecting" | "live" | "away"} LinkState */

const firstWait = 1000;
const longestWait = 30_000;

/**
 * Watches the store.
 * @param {object} handlers
 * @param {(runs: string[] | null) => void} handlers.onChanges the runs that changed; null when anything may have
 * @param {(state: LinkState) => void} handlers.onState
 */
export function watchChanges({ onChanges, onState }) {
  /** @type {EventSource | null} */
  let source = null;
  let wait = firstWait;
  let missedSome = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function open() {
    if (source || document.hidden) return;
    onState("connecting");
    source = new EventSource("/api/v1/events");
    source.addEventListener("open", opened);
    source.addEventListener("error", failed);
    source.addEventListener("changes", (event) => {
      onChanges(JSON.parse(/** @type {MessageEvent} */ (event).data).runs);
    });
  }

  function opened() {
    wait = firstWait;
    onState("live");
    if (missedSome) onChanges(null);
    missedSome = false;
  }

  function failed() {
    onState("away");
    missedSome = true;
    if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    close();
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 2, longestWait);
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return open();
    missedSome = true;
    close();
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => event.persisted && open());
  open();
}
