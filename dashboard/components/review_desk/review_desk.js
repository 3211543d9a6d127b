// The review desk: approve, reject with a reason, comment, step on, take back; each by a button or by its key.
import { installStyles } from "../styles.js";

const ACTS = [
  { act: "approve", label: "Approve", keys: ["a"] },
  { act: "reject", label: "Reject", keys: ["r"], asks: "Why is it rejected?" },
  { act: "comment", label: "Comment", keys: ["c"], asks: "What is there to say?" },
  { act: "undo", label: "Undo", keys: ["u"] },
  { act: "previous", label: "Previous", keys: ["k", "ArrowLeft"] },
  { act: "next", label: "Next", keys: ["j", "ArrowRight"] },
];
const NAMES = { ArrowLeft: "←", ArrowRight: "→" };
const LONGEST_WORDS = 2000;

export function create(host) {
  return new Desk(host);
}

class Desk {
  #root = element("section", "desk");
  #place = element("p", "place");
  #form = element("form", "words");
  #label = element("label", "");
  #text = element("textarea", "");
  #shown = null;
  #asked = null; // the act whose words are being written, and about which asset
  #emit = () => {};
  #onKey = (event) => this.#key(event);

  constructor(host) {
    installStyles(host, new URL("review_desk.css", import.meta.url));
    this.#root.dataset.testid = "review-desk";
    this.#root.setAttribute("aria-label", "Review");
    const bar = element("div", "bar");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "What to do with this model");
    bar.append(...ACTS.map((each) => this.#button(each)));
    this.#place.setAttribute("role", "status");
    this.#buildForm();
    this.#root.append(bar, this.#place, this.#form);
    host.append(this.#root);
    // Before everyone else: Streamlit has shortcuts of its own on some of these letters.
    window.addEventListener("keydown", this.#onKey, { capture: true });
  }

  update({ data, setTriggerValue }) {
    this.#emit = setTriggerValue;
    if (this.#asked && (data.asset !== this.#shown?.asset || data.project !== this.#shown?.project)) this.#close();
    if (data.next && data.next !== this.#shown?.next) fetch(data.next, { priority: "low" }).catch(() => {});
    this.#shown = data;
    this.#place.textContent = data.place;
  }

  remove() {
    window.removeEventListener("keydown", this.#onKey, { capture: true });
    this.#root.remove();
  }

  #button({ act, label, keys }) {
    const button = element("button", act);
    button.type = "button";
    button.dataset.act = act;
    button.setAttribute("aria-keyshortcuts", keys.join(" "));
    button.append(label, ...keys.map((key) => element("kbd", "", NAMES[key] ?? key.toUpperCase())));
    for (const hint of button.querySelectorAll("kbd")) hint.ariaHidden = "true";
    button.onclick = () => this.#do(act);
    return button;
  }

  #buildForm() {
    this.#form.hidden = true;
    this.#text.id = "review-words";
    this.#text.rows = 2;
    this.#text.maxLength = LONGEST_WORDS;
    this.#text.dir = "auto";
    this.#label.htmlFor = this.#text.id;
    const send = element("button", "send", "Save");
    const close = element("button", "", "Cancel");
    send.append(element("kbd", "", "Enter"));
    close.append(element("kbd", "", "Esc"));
    close.type = "button";
    close.onclick = () => this.#close();
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      this.#send();
    };
    this.#form.append(this.#label, this.#text, send, close);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !this.#root.isConnected) return;
    const from = event.composedPath()[0];
    if (from === this.#text) return this.#keyInWords(event);
    if (from instanceof Element && from.matches("input, textarea, select, [contenteditable], [role='combobox']")) return;
    const wanted = ACTS.find(({ keys }) => keys.includes(event.key.length === 1 ? event.key.toLowerCase() : event.key));
    if (!wanted) return;
    const isArrow = event.key.startsWith("Arrow");
    if (isArrow && from instanceof Element && from.matches("canvas, [role='radio'], [role='slider']")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#do(wanted.act);
  }

  #keyInWords(event) {
    event.stopImmediatePropagation();
    if (event.key === "Escape") this.#close();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#send();
  }

  #do(act) {
    const { asks } = ACTS.find((each) => each.act === act);
    if (!asks) return this.#tell(act, this.#shown);
    this.#asked = { act, shown: this.#shown };
    this.#label.textContent = asks;
    this.#form.hidden = false;
    this.#text.focus();
  }

  #send() {
    const words = this.#text.value.trim();
    if (!words || !this.#asked) return void this.#text.focus();
    const { act, shown } = this.#asked;
    this.#close();
    this.#tell(act, shown, words);
  }

  #tell(act, { project, asset }, words = "") {
    this.#emit("done", { number: performance.timeOrigin + performance.now(), act, project, asset, words });
  }

  #close() {
    this.#asked = null;
    this.#form.hidden = true;
    this.#text.value = "";
    this.#text.blur();
  }
}

function element(kind, name, text = "") {
  const made = document.createElement(kind);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}
