// The clips of a model: which one plays, where it stands, how fast it goes.
import * as THREE from "./three.js";

const POSES = 6;

export class Playback {
  playing = false;
  speed = 1;
  #mixer;
  #clips;
  #action = null;

  constructor(model) {
    this.#mixer = new THREE.AnimationMixer(model.scene);
    this.#clips = new Map(model.clips.map((clip, at) => [clip.name || `Clip ${at + 1}`, clip]));
  }

  get names() {
    return [...this.#clips.keys()];
  }

  /** The clip's name, or null for a model without clips. */
  get clip() {
    return this.names.find((name) => this.#clips.get(name) === this.#action?.getClip()) ?? null;
  }

  get seconds() {
    return this.#action?.time ?? 0;
  }

  get duration() {
    return this.#action?.getClip().duration ?? 0;
  }

  /** How far into the clip it stands, from 0 to 1. */
  get share() {
    return this.duration ? this.seconds / this.duration : 0;
  }

  /** Shows a clip from its start; an unknown name means the first one. */
  select(name) {
    const clip = this.#clips.get(name) ?? this.#clips.values().next().value;
    if (!clip || clip === this.#action?.getClip()) return;
    this.#action?.stop();
    this.#action = this.#mixer.clipAction(clip).reset().play();
    this.#mixer.update(0);
  }

  /** Points that the model gets to: in the poses of its clip, or as it stands when it has none. */
  pointsOf(model) {
    if (!this.#action) return model.points();
    const at = this.seconds;
    const points = [];
    for (let pose = 0; pose < POSES; pose++) {
      this.seek((this.duration * pose) / POSES);
      points.push(...model.points());
    }
    this.seek(at);
    return points;
  }

  seek(seconds) {
    if (!this.#action) return;
    this.#action.time = Math.min(Math.max(seconds, 0), this.duration);
    this.#mixer.update(0);
  }

  /** Moves on by the time that has passed; says whether anything moved. */
  advance(seconds) {
    if (!this.playing || !this.#action) return false;
    this.#mixer.update(seconds * this.speed);
    return true;
  }

  dispose() {
    this.#mixer.stopAllAction();
    this.#mixer.uncacheRoot(this.#mixer.getRoot());
  }
}
