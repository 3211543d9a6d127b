// Follows a text area of the page and says how much of its allowance is used. Code points, as the server counts.
import { installStyles } from "../styles.js";

export function create(host) {
  return new PromptCounter(host);
}

class PromptCounter {
  #label = document.createElement("p");
  #area = "";
  #most = 0;

  constructor(host) {
    this.#label.className = "counter";
    this.#label.dataset.testid = "prompt-counter";
    installStyles(host, new URL("prompt_counter.css", import.meta.url));
    host.append(this.#label);
    document.addEventListener("input", this.#typed);
  }

  update({ data }) {
    this.#area = data.area;
    this.#most = data.most;
    this.#show(document.querySelector(`.st-key-${data.area} textarea`)?.value ?? data.text);
  }

  remove() {
    document.removeEventListener("input", this.#typed);
    this.#label.remove();
  }

  #typed = (event) => {
    if (event.target.closest?.(`.st-key-${this.#area}`)) this.#show(event.target.value);
  };

  #show(text) {
    const used = [...text.trim()].length;
    const over = used - this.#most;
    this.#label.dataset.over = String(over > 0);
    this.#label.textContent =
      over > 0 ? `${used} of ${this.#most} characters: ${over} too many` : `${used} of ${this.#most} characters`;
  }
}
