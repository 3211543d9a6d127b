// What is selected, by id. The browser has the last word on it, until the page sends a selection with a new number.
// The tab remembers it: a page that begins anew, after a reload or a restart of the server, is told what was selected.

const KEPT = "hatchery selected";
const NOTHING = { ids: [], whole: null };

export class Selection {
  #views;
  #version = null;
  #ids = new Set();
  #whole = null; // what the list was asked for, when all that match is selected
  #last = null;
  #tell = () => {};

  /** @param {() => Map<string, import("./card.js").CardView>} views the cards that are shown now, by their ids */
  constructor(views) {
    this.#views = views;
  }

  update({ version, ids, whole }, setStateValue) {
    this.#tell = setStateValue;
    if (version !== this.#version) {
      const beganAnew = version === 0 && ids.length === 0 && whole === null;
      const selected = beganAnew ? kept() : { ids, whole };
      this.#version = version;
      this.#ids = new Set(selected.ids);
      this.#whole = selected.whole;
      this.#last = null;
      if (beganAnew && (this.#ids.size || this.#whole !== null)) this.#say();
      else this.#keep();
    }
    this.#show();
  }

  /** With Shift, all between the last one and this one get the same. */
  toggle(view, { shiftKey }) {
    const on = view.isSelected;
    const shown = [...this.#views().values()].sort(byPlace);
    const [from, to] = [shown.indexOf(this.#last), shown.indexOf(view)].sort((a, b) => a - b);
    for (const each of shiftKey && from >= 0 ? shown.slice(from, to + 1) : [view]) {
      if (!each.selects) continue;
      if (on) this.#ids.add(each.selects);
      else this.#ids.delete(each.selects);
    }
    this.#last = view;
    this.#whole = null;
    this.#show();
    this.#say();
  }

  #say() {
    this.#keep();
    this.#tell("selected", { version: this.#version, ids: [...this.#ids], whole: this.#whole });
  }

  #keep() {
    keep({ ids: [...this.#ids], whole: this.#whole });
  }

  #show() {
    for (const view of this.#views().values()) view.showSelected(this.#ids.has(view.selects));
  }
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT)) ?? NOTHING;
  } catch {
    return NOTHING; // some browsers keep nothing
  }
}

function keep(selected) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(selected));
  } catch {
    // then a reload forgets it, as it did before
  }
}

function byPlace(one, other) {
  return one.item.compareDocumentPosition(other.item) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
}
