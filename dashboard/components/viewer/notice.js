// What stands in the model's place while there is none: the poster, how far it is loaded, why it cannot be shown.

export class Notice {
  #parts;

  constructor(parts) {
    this.#parts = parts;
  }

  poster(address) {
    const { root, poster } = this.#parts;
    if (!address) return void (poster.hidden = true);
    if (poster.getAttribute("src") !== address) poster.src = address;
    poster.hidden = root.dataset.state === "ready";
  }

  loading(share) {
    const { root, loading, failure, fill, progress, notice } = this.#parts;
    root.dataset.state = "loading";
    root.ariaBusy = "true"; // says it once; each percent would be read aloud
    notice.hidden = loading.hidden = false;
    failure.hidden = true;
    loading.dataset.measured = share !== null;
    fill.style.inlineSize = share === null ? "" : `${share * 100}%`;
    progress.textContent =
      share === null ? "Loading the model" : share < 1 ? `Loading the model: ${Math.round(share * 100)} %` : "Preparing the model";
  }

  failed(error) {
    const { root, loading, failure, message, advice, retry, notice, facts } = this.#parts;
    root.dataset.state = "failed";
    root.ariaBusy = "false";
    root.dataset.reason = error.reason;
    notice.hidden = failure.hidden = false;
    loading.hidden = facts.hidden = true;
    message.textContent = error.message;
    advice.textContent = error.advice;
    retry.hidden = !error.canRetry;
  }

  gone() {
    const { root, notice, poster } = this.#parts;
    root.dataset.state = "ready";
    root.ariaBusy = "false";
    delete root.dataset.reason;
    notice.hidden = poster.hidden = true;
  }
}
