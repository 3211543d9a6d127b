// One card. Texts are written as text only; a part is touched only when it is different from before.
import { stateIcon } from "./card_icons.js";

export class CardView {
  #shown = {};
  #parts = {};

  /**
   * @param {(id: string) => void} pick
   * @param {(event: MouseEvent) => void} toggle
   */
  constructor(card, pick, toggle) {
    this.item = document.createElement("li");
    this.isLink = Boolean(card.href);
    this.#build();
    this.#parts.box.onclick = toggle;
    this.#parts.card.onclick = (event) => {
      if (this.isLink && (event.ctrlKey || event.metaKey || event.shiftKey)) return; // a new tab, by the browser
      event.preventDefault();
      pick(card.id);
    };
    this.show(card);
  }

  show(card) {
    const before = this.#shown;
    this.#shown = card;
    const { card: root, meter, fill } = this.#parts;
    this.#text("title", card.title);
    for (const name of ["subtitle", "note", "tag", "flag", "facts"]) this.#text(name, card[name] ?? "");
    this.selects = card.selects;
    this.#parts.box.hidden = !card.selects;
    this.showAge();
    if (card.title !== before.title) {
      root.title = card.title;
      this.#parts.box.setAttribute("aria-label", `Select ${card.title}`);
    }
    if (card.href && card.href !== before.href) root.href = card.href;
    if (card.state !== before.state) this.#showState(card.state);
    this.#text("word", card.progress === null ? card.state_label : `${card.state_label} · ${card.progress} %`);
    meter.hidden = card.progress === null;
    fill.style.inlineSize = `${card.progress ?? 0}%`;
    if (card.picture_url !== before.picture_url) this.#showPicture(card.picture_url);
  }

  get isSelected() {
    return this.#parts.box.checked;
  }

  showSelected(on) {
    this.#parts.box.checked = on;
    this.item.dataset.selected = on;
  }

  /** How long ago, told again while the page stays open; the exact time on hover. */
  showAge() {
    const { at } = this.#shown;
    this.#text("age", at ? ago(new Date(at)) : "");
    if (at) this.#parts.age.title = new Date(at).toLocaleString();
  }

  #build() {
    const parts = this.#parts;
    parts.box = element("input", "box", this.item);
    parts.box.type = "checkbox";
    parts.card = element(this.isLink ? "a" : "button", "card", this.item);
    if (!this.isLink) parts.card.type = "button";
    parts.frame = element("span", "frame", parts.card);
    parts.placeholder = element("span", "placeholder", parts.frame);
    parts.tag = element("span", "tag", parts.frame);
    const body = element("span", "body", parts.card);
    parts.title = element("strong", "title", body);
    parts.subtitle = element("span", "subtitle", body);
    const badges = element("span", "badges", body);
    parts.badge = element("span", "badge", badges);
    parts.icon = element("span", "icon", parts.badge);
    parts.word = element("span", "word", parts.badge);
    parts.flag = element("span", "flag", badges);
    parts.meter = element("span", "meter", body);
    parts.fill = element("span", "fill", parts.meter);
    parts.note = element("span", "note", body);
    parts.facts = element("span", "facts", body);
    parts.age = element("span", "age", body);
    for (const name of ["title", "subtitle", "note", "facts"]) parts[name].dir = "auto";
  }

  #text(name, text) {
    const part = this.#parts[name];
    part.hidden = !text;
    if (part.textContent !== text) part.textContent = text;
  }

  #showState(state) {
    const { card, placeholder } = this.#parts;
    card.dataset.state = state;
    placeholder.replaceChildren(stateIcon(state));
    const icon = stateIcon(state);
    this.#parts.icon.replaceWith(icon);
    this.#parts.icon = icon;
  }

  /** The drawn placeholder stays beneath, and is seen until the picture has come, or when it does not. */
  #showPicture(address) {
    this.#parts.picture?.remove();
    this.#parts.picture = null;
    if (!address) return;
    const picture = Object.assign(document.createElement("img"), { loading: "lazy", decoding: "async", alt: "" });
    picture.className = "picture";
    picture.onload = () => (picture.dataset.state = "loaded");
    picture.onerror = () => picture.remove();
    picture.src = address;
    this.#parts.picture = picture;
    this.#parts.placeholder.after(picture);
  }
}

const AGES = [["day", 86_400], ["hour", 3_600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

function ago(when) {
  const seconds = (when - Date.now()) / 1000;
  const [unit, size] = AGES.find(([, size]) => -seconds >= size) ?? ["second", 1];
  return unit === "second" ? "just now" : words.format(Math.trunc(seconds / size), unit);
}

function element(kind, name, parent) {
  const made = document.createElement(kind);
  made.className = name;
  parent.append(made);
  return made;
}
