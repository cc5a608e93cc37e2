// One queue for all that is drawn: a burst of changes costs each chart one drawing a frame.

/** @type {Set<() => void>} */
const waiting = new Set();

/** @param {() => void} draw called once before the next picture, however often it is asked for */
export function beforeNextFrame(draw) {
  if (waiting.size === 0) requestAnimationFrame(drawAll);
  waiting.add(draw);
}

function drawAll() {
  const drawings = [...waiting];
  waiting.clear(); // before drawing: a drawing may ask for the next frame
  for (const draw of drawings) draw();
}
