// The viewer's elements. Nothing that comes from a model or a person is written here: see textContent in the rest.
import { icon } from "./icons.js";

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];

/** Builds the elements and returns them by their `data-role`. */
export function build() {
  const root = document.createElement("section");
  root.className = "viewer";
  root.dataset.testid = "model-viewer";
  root.innerHTML = MARKUP;
  const parts = { root };
  for (const element of root.querySelectorAll("[data-role]")) parts[element.dataset.role] = element;
  return parts;
}

const tool = (role, label) =>
  `<button type="button" data-role="${role}" aria-label="${label}" title="${label}">${icon(role)}</button>`;

const toggle = (role, label) =>
  `<button type="button" data-role="${role}" aria-label="${label}" title="${label}" aria-pressed="false">${icon(role)}</button>`;

const MARKUP = `
  <div class="place" data-role="place"></div>
  <img class="poster" data-role="poster" alt="" hidden>
  <p class="facts" data-role="facts" hidden></p>
  <div class="notice" data-role="notice" role="status">
    <div class="loading" data-role="loading" aria-hidden="true">
      <span class="track"><span class="fill" data-role="fill"></span></span>
      <span data-role="progress">Loading the model</span>
    </div>
    <div class="failure" data-role="failure" hidden>
      ${icon("trouble")}
      <strong data-role="message"></strong>
      <span data-role="advice"></span>
      <button type="button" data-role="retry">Try again</button>
    </div>
  </div>
  <p class="said" data-role="said" role="status" hidden></p>
  <div class="bar" data-role="bar" role="group" aria-label="Viewer controls" hidden>
    <div class="clip" data-role="player" hidden>
      <button type="button" data-role="play" aria-label="Play animation" title="Play animation">${icon("play")}</button>
      <input type="range" data-role="scrub" min="0" max="1000" value="0" step="1" aria-label="Position in the clip">
      <output class="time" data-role="time"></output>
      <select data-role="clip" aria-label="Animation clip" title="Animation clip" hidden></select>
      <select data-role="speed" aria-label="Playback speed" title="Playback speed">
        ${SPEEDS.map((speed) => `<option value="${speed}"${speed === 1 ? " selected" : ""}>${speed}×</option>`).join("")}
      </select>
    </div>
    <div class="tools">
      ${toggle("wireframe", "Wireframe")}
      ${toggle("skeleton", "Skeleton")}
      ${toggle("bounds", "Bounding box")}
      ${toggle("turntable", "Turntable")}
      ${tool("reset", "Reset view")}
      ${tool("thumbnail", "Use this view as the picture in lists")}
      ${tool("fullscreen", "Full screen")}
    </div>
  </div>`;
