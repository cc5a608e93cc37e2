// Building nodes. Text is always text: nothing in these pages is parsed as markup.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes] true is an empty one; false,
 *   null and undefined are none
 * @param {...(Node | string | null | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== null && child !== false) made.append(child);
  return made;
}

/** @param {string} id of an element that is in the page @returns {HTMLElement} */
export function byID(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element '${id}'`);
  return found;
}

/** @param {Node} node @param {string} text written only if it differs: a selection in it survives */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Builds what a place holds anew, but only when it has something new to say: focus and selection survive otherwise.
 * @param {HTMLElement} place
 * @param {unknown} content what it says, as JSON can tell it
 * @param {() => Node[]} build
 */
export function rebuildIfChanged(place, content, build) {
  const written = JSON.stringify(content);
  if (place.dataset.content === written) return;
  place.dataset.content = written;
  place.replaceChildren(...build());
}

/**
 * Makes the children of a parent those of a list, moving and removing as little as possible.
 * @param {Element} parent
 * @param {Element[]} wanted
 */
export function arrange(parent, wanted) {
  const kept = new Set(wanted);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  let next = parent.firstElementChild;
  for (const child of wanted) {
    if (child === next) next = next.nextElementSibling;
    else parent.insertBefore(child, next);
  }
}
