// Tells the page when its tab has been hidden for a while, and at once when it is seen again.

export function create() {
  return new Tab();
}

class Tab {
  #told = false;
  #timer;
  #tell = () => {};
  #wait = 0;
  #look = () => {
    clearTimeout(this.#timer);
    if (document.hidden) this.#timer = setTimeout(() => this.#say(true), this.#wait);
    else this.#say(false);
  };

  constructor() {
    document.addEventListener("visibilitychange", this.#look);
  }

  update({ data, setStateValue }) {
    this.#wait = data.restAfterSeconds * 1000;
    this.#tell = setStateValue;
  }

  remove() {
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#look);
  }

  #say(hidden) {
    if (hidden === this.#told) return;
    this.#told = hidden;
    this.#tell("hidden", hidden);
  }
}
