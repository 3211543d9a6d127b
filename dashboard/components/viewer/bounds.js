// The box that a model fills in its rest pose, with its width, height and depth in metres.
import * as THREE from "./three.js";

const LINES = "#e11d74";
const LABEL_PIXELS = [256, 64];
const LABEL_HEIGHT = 0.032; // of the view

export class Bounds {
  #parts;

  constructor(model, scene) {
    const { min, max } = model.box;
    const size = model.size;
    const middle = model.box.getCenter(new THREE.Vector3());
    this.#parts = [
      new THREE.Box3Helper(model.box, LINES),
      label(size.x, new THREE.Vector3(middle.x, min.y, max.z)),
      label(size.y, new THREE.Vector3(max.x, middle.y, max.z)),
      label(size.z, new THREE.Vector3(max.x, min.y, middle.z)),
    ];
    scene.add(...this.#parts);
  }

  update() {}

  dispose() {
    for (const part of this.#parts) {
      part.removeFromParent();
      part.material.map?.dispose();
      part.material.dispose();
      if (!part.isSprite) part.geometry.dispose(); // sprites share theirs
    }
  }
}

function label(metres, place) {
  const [width, height] = LABEL_PIXELS;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  pen.fillStyle = LINES;
  pen.beginPath();
  pen.roundRect(8, 4, width - 16, height - 8, 20);
  pen.fill();
  pen.fillStyle = "#fff";
  pen.font = "600 38px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(`${metres.toFixed(2)} m`, width / 2, height / 2 + 2);
  const map = new THREE.CanvasTexture(canvas);
  map.colorSpace = THREE.SRGBColorSpace;
  const material = new THREE.SpriteMaterial({ map, depthTest: false, sizeAttenuation: false, toneMapped: false });
  const sprite = new THREE.Sprite(material);
  sprite.position.copy(place);
  sprite.scale.set((LABEL_HEIGHT * width) / height, LABEL_HEIGHT, 1);
  sprite.renderOrder = 20;
  return sprite;
}
