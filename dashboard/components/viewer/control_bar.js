// The bar under the model: what its buttons do, and how they show the state.
import { icon } from "./icons.js";

export class ControlBar {
  #parts;
  #viewer;
  #silence = 0;

  /** @param viewer does what the buttons ask for: togglePlay, seek, select, setSpeed, toggle, resetView, keepThumbnail */
  constructor(parts, viewer) {
    this.#parts = parts;
    this.#viewer = viewer;
    parts.play.onclick = () => viewer.togglePlay();
    parts.scrub.oninput = () => viewer.seek(Number(parts.scrub.value) / 1000);
    parts.clip.onchange = () => viewer.select(parts.clip.value);
    parts.speed.onchange = () => viewer.setSpeed(Number(parts.speed.value));
    for (const name of ["wireframe", "skeleton", "bounds", "turntable"]) parts[name].onclick = () => viewer.toggle(name);
    parts.reset.onclick = () => viewer.resetView();
    parts.thumbnail.onclick = () => viewer.keepThumbnail();
    parts.fullscreen.onclick = () => toggleFullScreen(parts.root);
    parts.fullscreen.hidden = !document.fullscreenEnabled;
    parts.root.onfullscreenchange = () => this.#showFullScreen();
    parts.root.onkeydown = (event) => this.#key(event);
  }

  showModel({ bones }, playback) {
    const { bar, player, clip, skeleton } = this.#parts;
    bar.hidden = false;
    player.hidden = playback.names.length === 0;
    clip.hidden = playback.names.length < 2;
    clip.replaceChildren(...playback.names.map((name) => new Option(wordsFor(name), name)));
    skeleton.hidden = bones.length === 0;
    this.showPlayback(playback);
  }

  showPlayback(playback) {
    const { play, clip, speed, scrub, time } = this.#parts;
    if (play.dataset.playing !== String(playback.playing)) {
      play.dataset.playing = playback.playing;
      play.innerHTML = icon(playback.playing ? "pause" : "play");
      play.title = playback.playing ? "Pause animation" : "Play animation";
      play.setAttribute("aria-label", play.title);
    }
    clip.value = playback.clip ?? "";
    speed.value = playback.speed;
    scrub.value = Math.round(playback.share * 1000);
    scrub.style.setProperty("--share", `${playback.share * 100}%`);
    scrub.setAttribute("aria-valuetext", `${inWords(playback.seconds)} of ${inWords(playback.duration)} seconds`);
    time.textContent = `${inWords(playback.seconds)} / ${inWords(playback.duration)} s`;
  }

  showToggle(name, on) {
    this.#parts[name].setAttribute("aria-pressed", on);
  }

  /** Says a sentence for a while. */
  say(sentence) {
    const { said } = this.#parts;
    said.textContent = sentence;
    said.hidden = false;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => (said.hidden = true), 6000);
  }

  hide() {
    this.#parts.bar.hidden = true;
  }

  #showFullScreen() {
    const on = isFullScreen(this.#parts.root);
    this.#parts.fullscreen.title = on ? "Leave full screen" : "Full screen";
    this.#parts.fullscreen.setAttribute("aria-label", this.#parts.fullscreen.title);
    this.#parts.fullscreen.innerHTML = icon(on ? "leave" : "fullscreen");
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("canvas")) return;
    const act = this.#keys[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has shortcuts of its own on some letters
    act();
  }

  #keys = {
    " ": () => this.#viewer.togglePlay(),
    r: () => this.#viewer.resetView(),
    w: () => this.#viewer.toggle("wireframe"),
    s: () => this.#viewer.toggle("skeleton"),
    b: () => this.#viewer.toggle("bounds"),
    t: () => this.#viewer.toggle("turntable"),
    f: () => toggleFullScreen(this.#parts.root),
    ArrowLeft: () => this.#viewer.turnBy(-15, 0),
    ArrowRight: () => this.#viewer.turnBy(15, 0),
    ArrowUp: () => this.#viewer.turnBy(0, -15),
    ArrowDown: () => this.#viewer.turnBy(0, 15),
    "+": () => this.#viewer.zoomBy(0.85),
    "=": () => this.#viewer.zoomBy(0.85),
    "-": () => this.#viewer.zoomBy(1 / 0.85),
  };
}

/** "preset:biped:walk" is "walk" to a person. */
function wordsFor(clip) {
  return clip.replace(/^preset:/, "").replace(/^[a-z]+:/, "").replaceAll("_", " ");
}

function inWords(seconds) {
  return seconds.toFixed(1);
}

function isFullScreen(element) {
  return element.matches(":fullscreen");
}

function toggleFullScreen(element) {
  if (isFullScreen(element)) document.exitFullscreen();
  else element.requestFullscreen?.().catch(() => {}); // refused by the browser: nothing to say
}
