// Why a model cannot be shown, in words for people: what happened, and what to do about it.

export class ModelUnavailable extends Error {
  constructor(reason, message, advice, { canRetry = true } = {}) {
    super(message);
    this.reason = reason;
    this.advice = advice;
    this.canRetry = canRetry;
  }
}

export function answeredWith(status) {
  const [message, advice] = ANSWERS.get(status) ?? [
    `The model is not available (HTTP ${status}).`,
    status >= 500 ? "The server has trouble. Try again in a moment." : "Reload the page, then try again.",
  ];
  return new ModelUnavailable(`http-${status}`, message, advice);
}

const ANSWERS = new Map([
  [401, ["The model is not available (HTTP 401).", "You are signed out. Reload the page and sign in."]],
  [403, ["The model is not available (HTTP 403).", "You may not see this file. Ask the project's owner."]],
  [404, ["The model is not available (HTTP 404).", "The file is not in the store. Look at the asset's steps and fetch it again."]],
  [410, ["The model is not available (HTTP 410).", "The file was removed. Run the step again to get a new one."]],
]);

export function unreachable() {
  return new ModelUnavailable("unreachable", "The server did not answer.", "Check the connection, then try again.");
}

export function noPreviewForFbx() {
  return new ModelUnavailable(
    "no-preview",
    "There is no preview for FBX files.",
    "Download the file and open it in Blender, Maya or a game engine.",
    { canRetry: false },
  );
}

export function notAModel() {
  return new ModelUnavailable(
    "not-a-model",
    "This file is not a GLB model.",
    "Fetch the model again; if it stays so, run the step again.",
  );
}

export function unreadable(error) {
  console.warn("The model could not be read:", error);
  return new ModelUnavailable(
    "unreadable",
    "The model is damaged, or uses a feature that this viewer does not know.",
    "Fetch the model again, or download it and open it in another program.",
  );
}

export function noWebGL() {
  return new ModelUnavailable(
    "no-webgl",
    "This browser cannot draw 3D here.",
    "Switch on hardware acceleration (WebGL 2) in its settings, or use another browser.",
  );
}

export function contextLost() {
  return new ModelUnavailable(
    "context-lost",
    "The browser paused this 3D view to save graphics memory.",
    "Close other 3D pages, then try again.",
  );
}
