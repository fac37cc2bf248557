// @ts-check
/** The window over the embedding page: the browser keeps the focus in it and gives it back; the page beneath does not scroll. */

export class Modal {
  element = document.createElement("dialog");
  #label = document.createElement("span");
  #button = document.createElement("button");
  #scrolling = "";
  /** Whether it was us who closed it. */
  #shown = false;

  /**
   * @param {HTMLElement} box what it shows
   * @param {() => void} close the person wants it to close
   */
  constructor(box, close) {
    const bar = document.createElement("div");
    bar.className = "bar";
    this.#label.id = "label";
    this.#button.type = "button";
    this.#button.textContent = "✕";
    this.#button.addEventListener("click", close);
    bar.append(this.#label, this.#button);
    this.element.setAttribute("aria-labelledby", "label");
    this.element.append(bar, box);
    this.element.addEventListener("cancel", (event) => {
      event.preventDefault();
      close();
    });
    // Browsers close a dialog at a second Escape, whatever its page says; a call must not end like that.
    this.element.addEventListener("close", () => {
      if (!this.#shown) return;
      this.element.showModal();
      close();
    });
  }

  /** @param {string} title @param {string} closeLabel */
  show(title, closeLabel) {
    this.#label.textContent = title;
    this.#button.setAttribute("aria-label", closeLabel);
    if (this.#shown || !this.element.isConnected) return;
    this.#shown = true;
    this.element.showModal();
    this.#scrolling = document.documentElement.style.overflow;
    document.documentElement.style.overflow = "hidden";
  }

  /** Where keys, Escape among them, go to the page. */
  focusPage() {
    if (this.#shown) this.element.querySelector("iframe")?.focus();
  }

  /** @returns {boolean} whether it was there */
  hide() {
    if (!this.#shown) return false;
    this.#shown = false;
    this.element.close();
    document.documentElement.style.overflow = this.#scrolling;
    return true;
  }
}
