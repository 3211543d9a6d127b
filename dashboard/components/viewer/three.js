// The one place that names the vendored three.js, its version and the addons in use.
const RELEASE = new URL("../../../vendor/three-0.187.0/", import.meta.url);

export * from "../../../vendor/three-0.187.0/build/three.module.js";
export { OrbitControls } from "../../../vendor/three-0.187.0/examples/jsm/controls/OrbitControls.js";
export { GLTFLoader } from "../../../vendor/three-0.187.0/examples/jsm/loaders/GLTFLoader.js";

/** The address of an addon that is imported only when a model needs it. */
export function addon(path) {
  return new URL(`examples/jsm/${path}`, RELEASE).href;
}
