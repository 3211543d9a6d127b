// One 3D viewer: loads a model when its address changes, and lets the control bar act on it.
import { Bounds } from "./bounds.js";
import { build } from "./markup.js";
import { Companions } from "./companions.js";
import { ControlBar } from "./control_bar.js";
import { contextLost, ModelUnavailable, unreadable } from "./failures.js";
import { loadModel } from "./model.js";
import { Notice } from "./notice.js";
import { Skeleton, Wireframe } from "./overlays.js";
import { Playback } from "./playback.js";
import { Stage } from "./stage.js";
import { keepThumbnail } from "./thumbnail.js";
import { installStyles } from "../styles.js";

const OVERLAYS = { wireframe: Wireframe, skeleton: Skeleton, bounds: Bounds };
const TIME_SHOWN_EVERY_SECONDS = 0.1;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export function create(host) {
  return new Viewer(host);
}

class Viewer {
  #parts = build();
  #bar = new ControlBar(this.#parts, this);
  #notice = new Notice(this.#parts);
  #companions = new Companions(this);
  #stage = null;
  #model = null;
  #playback = null;
  #overlays = new Map();
  #wanted = { src: null, clip: null };
  #loading = null;
  #untilTimeIsShown = 0;
  #visible = false;
  #observers = [];
  #label = "";
  #thumbnail = null; // where a picture of the view can be kept, and in whose name
  #emit = () => {};

  constructor(host) {
    installStyles(host, new URL("viewer.css", import.meta.url));
    host.append(this.#parts.root);
    this.#parts.retry.onclick = () => this.#restart();
    this.#observe();
  }

  /** Called for every rerun of the page: only what is different has an effect. */
  update({ data, setTriggerValue }) {
    this.#emit = setTriggerValue;
    this.#thumbnail = data.thumbnail;
    this.#companions.join(data.group);
    const src = new URL(data.src, document.baseURI).href;
    const before = this.#wanted;
    this.#wanted = { src, clip: data.clip };
    this.#parts.root.style.setProperty("--height", `${data.height}px`);
    this.#parts.root.setAttribute("aria-label", data.label);
    this.#label = data.label;
    this.#notice.poster(data.poster);
    this.#parts.thumbnail.hidden = !data.thumbnail;
    if (src !== before.src) this.#load();
    else if (data.clip !== before.clip && data.clip !== null) this.select(data.clip);
  }

  remove() {
    this.#companions.leave();
    this.#loading?.abort();
    for (const stop of this.#observers) stop();
    this.#clear();
    this.#stage?.dispose();
    this.#parts.root.remove();
  }

  // What the control bar asks for.

  togglePlay() {
    if (!this.#playback?.clip) return;
    this.#playback.playing = !this.#playback.playing;
    this.#touched();
  }

  seek(share) {
    this.#playback.playing = false;
    this.#playback.seek(share * this.#playback.duration);
    this.#touched();
  }

  select(name) {
    if (!this.#playback) return;
    this.#playback.select(name);
    this.#touched();
  }

  setSpeed(speed) {
    this.#playback.speed = speed;
    this.#touched();
  }

  toggle(name) {
    if (!this.#model || this.#parts[name].hidden) return;
    if (name === "turntable") this.#stage.turning = !this.#stage.turning;
    else if (this.#overlays.has(name)) this.#removeOverlay(name);
    else this.#overlays.set(name, new OVERLAYS[name](this.#model, this.#stage.scene));
    this.#bar.showToggle(name, name === "turntable" ? this.#stage.turning : this.#overlays.has(name));
    this.#stage.invalidate();
  }

  resetView() {
    this.#stage?.look();
  }

  turnBy(right, down) {
    this.#stage?.turnBy(right, down);
  }

  zoomBy(factor) {
    this.#stage?.zoomBy(factor);
  }

  async keepThumbnail() {
    if (!this.#model || !this.#thumbnail) return;
    this.#bar.say("Keeping the picture …");
    try {
      await keepThumbnail(await this.#stage.picture(), this.#thumbnail);
      this.#bar.say("This is the picture in lists now.");
      this.#emit("pictured", performance.timeOrigin + performance.now());
    } catch (error) {
      this.#bar.say(error.message);
    }
  }

  // In step with the viewers beside it.

  get isAwake() {
    return Boolean(this.#model) && this.#visible;
  }

  get pose() {
    if (!this.#playback?.clip) return null;
    const { clip, playing, speed, share } = this.#playback;
    return { clip, playing, speed, share };
  }

  follow({ view, pose }) {
    if (!this.#model) return;
    if (view) {
      this.#stage.view = view;
      this.#showView(this.#stage.view);
    }
    if (pose && this.#playback.clip) {
      if (this.#playback.names.includes(pose.clip)) this.#playback.select(pose.clip);
      Object.assign(this.#playback, { playing: pose.playing, speed: pose.speed });
      this.#playback.seek(pose.share * this.#playback.duration);
      this.#showPlayback();
    }
    this.#stage.invalidate();
  }

  // Loading.

  async #load() {
    this.#loading?.abort();
    const loading = (this.#loading = new AbortController());
    this.#notice.loading(null);
    try {
      this.#stage ??= this.#newStage();
      const model = await loadModel(this.#wanted.src, {
        renderer: this.#stage.renderer,
        signal: loading.signal,
        onProgress: (share) => this.#loading === loading && this.#notice.loading(share),
      });
      if (this.#loading !== loading || loading.signal.aborted) return model.dispose();
      await this.#show(model, loading);
    } catch (error) {
      if (this.#loading !== loading || loading.signal.aborted) return;
      this.#fail(error instanceof ModelUnavailable ? error : unreadable(error));
    }
  }

  async #show(model, loading) {
    const first = this.#model === null;
    const kept = [...this.#overlays.keys()];
    this.#clear();
    this.#model = model;
    this.#playback = new Playback(model);
    this.#playback.select(this.#wanted.clip);
    this.#playback.playing = !calm.matches;
    this.#stage.scene.add(model.scene);
    this.#stage.frame(this.#playback.pointsOf(model), model.box.min.y, { keepDirection: !first });
    await this.#stage.prepare(model.scene);
    if (this.#loading !== loading || loading.signal.aborted) return;
    for (const name of kept) if (name !== "skeleton" || model.bones.length) this.toggle(name);
    this.#showReady();
  }

  #newStage() {
    const canvas = document.createElement("canvas");
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-roledescription", "3D model");
    this.#parts.place.replaceChildren(canvas);
    const stage = new Stage(canvas, (seconds) => this.#advance(seconds), (view) => this.#looked(view));
    canvas.addEventListener("webglcontextlost", () => this.#stage === stage && this.#fail(contextLost()));
    canvas.addEventListener("webglcontextrestored", () => this.#stage === stage && this.#showReady());
    stage.resize(this.#parts.place.clientWidth, this.#parts.place.clientHeight);
    stage.resting = !this.#visible;
    return stage;
  }

  /** Starts over with a new canvas: also what brings back a view whose context the browser took. */
  #restart() {
    this.#clear();
    this.#stage?.dispose();
    this.#stage = null;
    this.#load();
  }

  #clear() {
    for (const name of [...this.#overlays.keys()]) this.#removeOverlay(name);
    this.#playback?.dispose();
    if (this.#model) this.#stage.scene.remove(this.#model.scene);
    this.#model?.dispose();
    this.#model = this.#playback = null;
  }

  #removeOverlay(name) {
    this.#overlays.get(name).dispose();
    this.#overlays.delete(name);
    this.#bar.showToggle(name, false);
  }

  // Moving.

  #advance(seconds) {
    const moved = this.#companions.leads && (this.#playback?.advance(seconds) ?? false);
    if (moved) this.#companions.tell({ pose: this.pose });
    this.#model?.scene.updateMatrixWorld();
    for (const overlay of this.#overlays.values()) overlay.update();
    this.#untilTimeIsShown -= seconds;
    if (moved && this.#untilTimeIsShown <= 0) this.#showPlayback();
    return moved;
  }

  /** A person did something with the clip. */
  #touched() {
    this.#companions.touch();
    this.#companions.tell({ pose: this.pose });
    this.#changed();
  }

  /** A person moved the camera, or the turntable did. */
  #looked(view) {
    this.#companions.tell({ view });
    this.#showView(view);
  }

  #changed() {
    this.#showPlayback();
    this.#stage.invalidate();
  }

  /** Rests while the viewer is scrolled away or the tab is hidden, and follows its size. */
  #observe() {
    const { root, place } = this.#parts;
    let onScreen = false;
    const rest = () => {
      this.#visible = onScreen && !document.hidden;
      if (this.#stage) this.#stage.resting = !this.#visible;
    };
    const sight = new IntersectionObserver(([entry]) => {
      onScreen = entry.isIntersecting;
      rest();
    });
    const size = new ResizeObserver(() => this.#stage?.resize(place.clientWidth, place.clientHeight));
    sight.observe(root);
    size.observe(place);
    document.addEventListener("visibilitychange", rest);
    this.#observers.push(
      () => sight.disconnect(),
      () => size.disconnect(),
      () => document.removeEventListener("visibilitychange", rest),
    );
  }

  // Showing the state: to people, and as attributes.

  #fail(error) {
    this.#clear();
    this.#stage?.invalidate();
    this.#notice.failed(error);
    this.#bar.hide();
  }

  #showReady() {
    const { root, facts } = this.#parts;
    if (!this.#model) return;
    this.#advance(0);
    this.#stage.draw(); // before the poster goes: nobody is to see an empty canvas
    this.#notice.gone();
    root.dataset.clips = JSON.stringify(this.#playback.names);
    root.dataset.triangles = this.#model.triangles;
    root.dataset.joints = this.#model.bones.length;
    facts.textContent = factsOf(this.#model);
    facts.hidden = false;
    this.#stage.canvas.setAttribute("aria-label", `${this.#label}. ${facts.textContent}. Arrow keys turn, plus and minus zoom, R resets, space plays.`);
    this.#bar.showModel(this.#model, this.#playback);
    this.#changed();
  }

  #showView({ direction, distance }) {
    this.#parts.root.dataset.view = [...direction, distance].map((number) => number.toFixed(2)).join(" ");
  }

  #showPlayback() {
    const { root } = this.#parts;
    const { clip, playing, seconds } = this.#playback;
    this.#untilTimeIsShown = TIME_SHOWN_EVERY_SECONDS;
    root.dataset.clip = clip ?? "";
    root.dataset.playing = String(Boolean(clip) && playing);
    root.dataset.time = seconds.toFixed(3);
    this.#bar.showPlayback(this.#playback);
  }
}

function factsOf({ size, triangles, bones }) {
  const metres = [size.x, size.y, size.z].map((length) => length.toFixed(2)).join(" × ");
  const joints = bones.length ? ` · ${bones.length} joints` : "";
  return `${metres} m · ${triangles.toLocaleString("en")} triangles${joints}`;
}
