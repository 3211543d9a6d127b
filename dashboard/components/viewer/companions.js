// Viewers that stand beside each other: one leads, the others look from the same side at the same moment of a clip.

const groups = new Map(); // for each name its viewers, the one that a person last touched at the end

export class Companions {
  #viewer;
  #name = null;

  /** @param viewer has `isAwake`, `pose` (the moment of its clip, or null), and `follow({ view, pose })` */
  constructor(viewer) {
    this.#viewer = viewer;
  }

  /** Joins the group of that name, and leaves the one before; null stands alone. */
  join(name) {
    if (name === this.#name) return;
    this.leave();
    this.#name = name;
    if (name !== null) groups.set(name, [this.#viewer, ...this.#members]);
  }

  leave() {
    const left = this.#members.filter((viewer) => viewer !== this.#viewer);
    if (left.length) groups.set(this.#name, left);
    else groups.delete(this.#name);
    this.#name = null;
  }

  /** Whether this viewer's clip goes on by itself, and not as another's. */
  get leads() {
    const awake = this.#members.filter((viewer) => viewer.isAwake && viewer.pose);
    return awake.length === 0 || awake.at(-1) === this.#viewer;
  }

  /** A person touched this viewer: from now on it leads. */
  touch() {
    if (this.#name === null) return;
    groups.set(this.#name, [...this.#others, this.#viewer]);
  }

  /** Has the others follow. */
  tell(news) {
    for (const other of this.#others) other.follow(news);
  }

  get #members() {
    return groups.get(this.#name) ?? [];
  }

  get #others() {
    return this.#members.filter((viewer) => viewer !== this.#viewer);
  }
}
