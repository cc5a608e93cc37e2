// A canvas that is as sharp as the screen.

export class Layer {
  element = document.createElement("canvas");
  context = /** @type {CanvasRenderingContext2D} */ (this.element.getContext("2d"));
  width = 0;
  height = 0;

  /** @param {string} name of its class */
  constructor(name) {
    this.element.className = name;
    this.element.setAttribute("aria-hidden", "true");
  }

  /** @param {number} width in CSS pixels @param {number} height */
  resize(width, height) {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    this.width = width;
    this.height = height;
    this.element.width = Math.round(width * ratio);
    this.element.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  clear() {
    this.context.clearRect(0, 0, this.width, this.height);
  }
}
