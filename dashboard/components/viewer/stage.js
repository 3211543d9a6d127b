// Where a model stands: canvas, camera, light, ground shadow, and a picture only when something changed.
import * as THREE from "./three.js";
import { noWebGL } from "./failures.js";
import { studioEnvironment } from "./studio.js";

const FIELD_OF_VIEW_DEGREES = 32;
const FIRST_LOOK = new THREE.Vector3(0.55, 0.32, 1).normalize(); // from the front, a little to the right and above
const BAR_PIXELS = 58; // the control bar and its margins
const TWO_ROW_BAR_PIXELS = 92; // where viewer.css lets it wrap
const PICTURE_PIXELS = 512;
const LONGEST_STEP_SECONDS = 0.2; // after a hitch a clip goes on, it does not jump

export class Stage {
  #scene = new THREE.Scene();
  #camera = new THREE.PerspectiveCamera(FIELD_OF_VIEW_DEGREES, 1, 0.01, 100);
  #key = new THREE.DirectionalLight("#ffffff", 1.5);
  #ground = new THREE.Mesh(new THREE.PlaneGeometry(), new THREE.ShadowMaterial({ opacity: 0.32 }));
  #framed = null;
  #following = false; // the view is being set, by nobody at the controls
  #moved = false; // by a person, whose view is then kept
  #resting = true;
  #request = 0;
  #lastFrame = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(seconds: number) => boolean} onFrame moves what moves by itself; true asks for another frame
   * @param {(view: object) => void} onLook hears of each new view but those that it was given
   */
  constructor(canvas, onFrame, onLook) {
    this.canvas = canvas;
    this.onFrame = onFrame;
    this.onLook = onLook;
    this.renderer = rendererFor(canvas);
    this.#light();
    this.controls = this.#orbit();
    canvas.addEventListener("webglcontextrestored", () => this.invalidate());
  }

  get scene() {
    return this.#scene;
  }

  /** Whether frames are drawn at all; false while nobody can see them. */
  set resting(resting) {
    this.#resting = resting;
    this.#lastFrame = 0;
    if (!resting) return this.invalidate();
    cancelAnimationFrame(this.#request);
    this.#request = 0;
  }

  set turning(turning) {
    this.controls.autoRotate = turning;
    this.invalidate();
  }

  get turning() {
    return this.controls.autoRotate;
  }

  /** Asks for one frame; asking twice draws once. */
  invalidate() {
    if (!this.#resting && !this.#request) this.#request = requestAnimationFrame((now) => this.#frame(now));
  }

  /**
   * Puts the ground at the height of `floor` and looks at all the points, from the direction of view so far
   * if it is to be kept.
   */
  frame(points, floor, { keepDirection = false } = {}) {
    this.#moved = false;
    this.#following = true;
    this.#stopGliding();
    const { center, radius } = new THREE.Box3().setFromPoints(points).getBoundingSphere(new THREE.Sphere());
    const direction = keepDirection ? this.#direction() : FIRST_LOOK;
    const distance = this.#distanceToSee(points, center, direction);
    this.controls.target.copy(center);
    this.#camera.position.copy(center).addScaledVector(direction, distance);
    this.#framed = { points, floor, center, radius, distance };
    this.#camera.near = distance / 100;
    this.#camera.far = distance * 20;
    this.#camera.updateProjectionMatrix();
    Object.assign(this.controls, { minDistance: radius * 0.15, maxDistance: distance * 5 });
    this.controls.update();
    this.#following = false;
    this.#placeGround(center, radius, floor);
    this.invalidate();
  }

  /** Looks at the model as at first. */
  look() {
    if (!this.#framed) return;
    this.frame(this.#framed.points, this.#framed.floor);
    this.onLook(this.view);
  }

  /** From where the camera looks, told in the model's own measure, so that models of other sizes can be seen alike. */
  get view() {
    const { center, radius, distance } = this.#framed;
    return {
      direction: this.#direction(),
      distance: this.#camera.position.distanceTo(this.controls.target) / distance,
      target: this.controls.target.clone().sub(center).divideScalar(radius),
    };
  }

  set view({ direction, distance, target }) {
    if (!this.#framed) return;
    this.#following = true;
    this.#moved = true;
    this.#stopGliding();
    this.controls.target.copy(target).multiplyScalar(this.#framed.radius).add(this.#framed.center);
    this.#camera.position.copy(this.controls.target).addScaledVector(direction, distance * this.#framed.distance);
    this.controls.update();
    this.#following = false;
    this.invalidate();
  }

  /** The view as a square picture, without the ground it stands on being filled in. */
  picture() {
    const { aspect } = this.#camera;
    const size = this.renderer.getSize(new THREE.Vector2());
    this.#draw(PICTURE_PIXELS, PICTURE_PIXELS, 1, 1);
    return new Promise((resolve, reject) => {
      this.canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The browser made no picture."))), "image/webp", 0.9);
      this.#draw(size.x, size.y, aspect, Math.min(devicePixelRatio, 2));
    });
  }

  turnBy(rightDegrees, downDegrees) {
    this.#moved = true;
    this.controls.rotateLeft(THREE.MathUtils.degToRad(-rightDegrees));
    this.controls.rotateUp(THREE.MathUtils.degToRad(downDegrees));
    this.invalidate();
  }

  /** Below 1 comes nearer. */
  zoomBy(factor) {
    this.#moved = true;
    this.#camera.position.sub(this.controls.target).multiplyScalar(factor).add(this.controls.target);
    this.controls.update();
    this.invalidate();
  }

  resize(width, height) {
    if (!width || !height) return;
    this.renderer.setPixelRatio(Math.min(devicePixelRatio, 2));
    this.renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    if (this.#framed && !this.#moved) this.frame(this.#framed.points, this.#framed.floor, { keepDirection: true });
    if (!this.#resting) this.draw(); // an empty canvas must not flash while the window is dragged
  }

  /** Compiles what a model needs before it is shown, so that the first frame does not stall. */
  prepare(object) {
    return this.renderer.compileAsync(object, this.#camera, this.#scene);
  }

  dispose() {
    this.resting = true;
    this.controls.dispose();
    this.#key.dispose();
    this.#ground.geometry.dispose();
    this.#ground.material.dispose();
    this.#scene.environment?.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss(); // browsers keep some 16 contexts; do not wait for their garbage collection
  }

  #frame(now) {
    const seconds = this.#lastFrame ? Math.min((now - this.#lastFrame) / 1000, LONGEST_STEP_SECONDS) : 1 / 60;
    this.#request = 0;
    this.#lastFrame = now;
    const moving = this.onFrame(seconds);
    this.controls.update(seconds); // asks for the next frame itself while the camera glides
    this.draw();
    if (moving) this.invalidate();
    if (!this.#request) this.#lastFrame = 0;
  }

  /** Draws at once, whether or not anything moves. */
  draw() {
    this.renderer.render(this.#scene, this.#camera);
  }

  #draw(width, height, aspect, pixelRatio) {
    this.renderer.setPixelRatio(pixelRatio);
    this.renderer.setSize(width, height, false);
    this.#camera.aspect = aspect;
    this.#camera.updateProjectionMatrix();
    this.draw();
  }

  #stopGliding() {
    this.controls.enableDamping = false; // without damping an update uses up what is left of the motion
    this.controls.update();
    this.controls.enableDamping = true;
  }

  /** How far away all the points fit, with room for the bar below and as much above. */
  #distanceToSee(points, center, direction) {
    const view = new THREE.Matrix4().lookAt(direction, new THREE.Vector3(), this.#camera.up).transpose();
    const { clientWidth, clientHeight } = this.canvas;
    const bar = clientWidth > 560 ? BAR_PIXELS : TWO_ROW_BAR_PIXELS;
    const upward = Math.tan(THREE.MathUtils.degToRad(FIELD_OF_VIEW_DEGREES / 2));
    const sideward = upward * this.#camera.aspect * 0.92;
    const free = upward * Math.max(1 - (2 * bar) / clientHeight, 0.3);
    let distance = 0;
    for (const point of points) {
      const { x, y, z } = point.clone().sub(center).applyMatrix4(view);
      distance = Math.max(distance, z + Math.abs(x) / sideward, z + Math.abs(y) / free);
    }
    return distance || 1;
  }

  #direction() {
    return this.#camera.position.clone().sub(this.controls.target).normalize();
  }

  #orbit() {
    const controls = new THREE.OrbitControls(this.#camera, this.canvas);
    Object.assign(controls, { enableDamping: true, dampingFactor: 0.08, autoRotateSpeed: 2.4, zoomSpeed: 0.8 });
    controls.addEventListener("change", () => this.#looked());
    controls.addEventListener("start", () => (this.#moved = true));
    this.#zoomOnlyWhenInUse(controls);
    return controls;
  }

  #looked() {
    this.invalidate();
    if (this.#framed && !this.#following) this.onLook(this.view);
  }

  /** The wheel scrolls the page until somebody clicks or tabs into the view. */
  #zoomOnlyWhenInUse(controls) {
    controls.enableZoom = false;
    this.canvas.addEventListener("pointerdown", () => this.canvas.focus({ preventScroll: true }));
    this.canvas.addEventListener("focus", () => (controls.enableZoom = true));
    this.canvas.addEventListener("blur", () => (controls.enableZoom = false));
  }

  #light() {
    this.renderer.toneMapping = THREE.NeutralToneMapping; // keeps base colours as the artist made them
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = THREE.PCFShadowMap;
    this.#key.castShadow = true;
    this.#key.shadow.mapSize.set(1024, 1024);
    Object.assign(this.#key.shadow, { radius: 6, bias: -0.0005 });
    this.#ground.rotation.x = -Math.PI / 2;
    this.#ground.receiveShadow = true;
    this.#scene.add(this.#key, this.#key.target, this.#ground);
    this.#scene.environment = studioEnvironment();
    this.#scene.environmentIntensity = 0.9;
  }

  #placeGround(center, radius, floor) {
    this.#ground.position.set(center.x, floor, center.z);
    this.#ground.scale.setScalar(radius * 12);
    this.#key.position.set(center.x + radius * 0.8, center.y + radius * 3, center.z + radius * 1.1);
    this.#key.target.position.copy(center);
    const reach = radius * 1.6;
    this.#key.shadow.normalBias = radius * 0.01;
    const camera = this.#key.shadow.camera;
    Object.assign(camera, { left: -reach, right: reach, top: reach, bottom: -reach, near: radius * 0.5, far: radius * 8 });
    camera.updateProjectionMatrix();
  }

}

function rendererFor(canvas) {
  try {
    return new THREE.WebGLRenderer({ canvas, antialias: true, alpha: true, powerPreference: "low-power" });
  } catch {
    throw noWebGL();
  }
}
