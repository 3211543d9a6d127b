// The list of cards: keeps one node for each id, so that reruns do not flicker or lose focus and scroll.
import { CardView } from "./card.js";
import { Selection } from "./selection.js";
import { installStyles } from "../styles.js";

const MINUTE = 60_000;

export function create(host) {
  return new Gallery(host);
}

class Gallery {
  #views = new Map();
  #emit = () => {};
  #root = document.createElement("section");
  #head = document.createElement("div");
  #list = document.createElement("ul");
  #empty = document.createElement("p");
  #selection = new Selection(() => this.#views);
  #clock = setInterval(() => this.#views.forEach((view) => view.showAge()), MINUTE);

  constructor(host) {
    this.#root.className = "gallery";
    this.#root.dataset.testid = "gallery";
    this.#list.setAttribute("role", "list"); // a list without bullets loses its role in Safari
    this.#empty.className = "empty";
    this.#head.className = "head";
    this.#head.setAttribute("aria-hidden", "true");
    for (const word of ["Name", "State", "Waits for", "Project", "Category, by", "Ordered"]) {
      this.#head.append(Object.assign(document.createElement("span"), { textContent: word }));
    }
    this.#root.append(this.#head, this.#list, this.#empty);
    this.#root.hidden = true; // until it has its looks, the skeleton stands in its place
    host.append(this.#root);
    installStyles(host, new URL("gallery.css", import.meta.url)).then(() => {
      host.querySelector(".skeleton")?.remove();
      this.#root.hidden = false;
    });
  }

  update({ data, setTriggerValue, setStateValue }) {
    this.#emit = setTriggerValue;
    this.#list.setAttribute("aria-label", data.label);
    this.#empty.textContent = data.empty;
    this.#empty.hidden = data.cards.length > 0;
    this.#root.dataset.cards = data.cards.length;
    this.#root.dataset.shape = data.shape;
    this.#drop(new Set(data.cards.map((card) => card.id)));
    let next = this.#list.firstElementChild;
    for (const card of data.cards) {
      const { item } = this.#view(card);
      if (item === next) next = next.nextElementSibling;
      else place(this.#list, item, next);
    }
    this.#selection.update(data.selection, setStateValue);
  }

  remove() {
    clearInterval(this.#clock);
    this.#root.remove();
  }

  #view(card) {
    const known = this.#views.get(card.id);
    if (known && known.isLink === Boolean(card.href)) {
      known.show(card);
      return known;
    }
    known?.item.remove();
    const view = new CardView(card, (id) => this.#emit("picked", id), (event) => this.#selection.toggle(view, event));
    this.#views.set(card.id, view);
    return view;
  }

  #drop(wanted) {
    for (const [id, view] of this.#views) {
      if (wanted.has(id)) continue;
      view.item.remove();
      this.#views.delete(id);
    }
  }
}

/** Moves with `moveBefore` where the browser has it: focus survives the move. */
function place(list, item, next) {
  if (item.isConnected && list.moveBefore) list.moveBefore(item, next);
  else list.insertBefore(item, next);
}
