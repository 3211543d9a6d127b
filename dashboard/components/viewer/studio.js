// The light around the model: a photo studio of soft lamps, worked out instead of rendered.
//
// three.js can filter any room into an environment on the GPU, but on a machine without a graphics card that
// alone takes seconds before the first picture. Lamps that fade like a Gaussian on the sphere have a closed form
// when blurred, so each level of roughness is computed directly, in a few milliseconds.
import * as THREE from "./three.js";

const FACE_PIXELS = 64;
const LEVELS = 5; // the last one is fully rough, and lights matt surfaces
const MATT_SHARPNESS = 2.1; // of the Gaussian nearest to a matt surface's cosine
const SKY = 0.62;
const FLOOR = 0.3;

/** Where a lamp hangs, how sharply its light falls off to the sides, and how bright its middle is. */
const LAMPS = [
  { toward: [0.7, 0.9, 0.9], sharpness: 16, brightness: 4.5 },
  { toward: [-1, 0.45, 0.55], sharpness: 7, brightness: 1.3 },
  { toward: [-0.35, 0.55, -1], sharpness: 14, brightness: 3.2 },
  { toward: [0.05, 1, 0.1], sharpness: 10, brightness: 2.2 },
].map((lamp) => ({ ...lamp, toward: new THREE.Vector3(...lamp.toward).normalize() }));

/** For each face of a cube map the direction of a point (u to the right, v down), as OpenGL lays them out. */
const FACES = [
  (u, v) => [1, -v, -u],
  (u, v) => [-1, -v, u],
  (u, v) => [u, 1, v],
  (u, v) => [u, -1, -v],
  (u, v) => [u, -v, 1],
  (u, v) => [-u, -v, -1],
];

/** An environment that is already filtered for every roughness: `scene.environment` takes it as it is. */
export function studioEnvironment() {
  const images = FACES.map((directionAt) => {
    const mipmaps = Array.from({ length: LEVELS }, (_, level) => picture(directionAt, level));
    return { width: FACE_PIXELS, height: FACE_PIXELS, mipmaps };
  });
  const texture = new THREE.CompressedCubeTexture(images, THREE.RGBAFormat, THREE.HalfFloatType);
  texture.colorSpace = THREE.LinearSRGBColorSpace;
  texture.minFilter = THREE.LinearMipmapLinearFilter;
  texture.magFilter = THREE.LinearFilter;
  texture.isPMREMTexture = true;
  texture.needsUpdate = true;
  return texture;
}

function picture(directionAt, level) {
  const size = FACE_PIXELS >> level;
  const data = new Uint16Array(size * size * 4);
  const roughness = THREE.PMREMGenerator.lodToRoughness(level, LEVELS - 1);
  const direction = new THREE.Vector3();
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      direction.set(...directionAt((2 * column + 1) / size - 1, (2 * row + 1) / size - 1)).normalize();
      direction.x = -direction.x; // cube maps are seen from the inside
      const light = THREE.DataUtils.toHalfFloat(lightFrom(direction, roughness));
      data.fill(light, (row * size + column) * 4);
    }
  }
  return { data, width: size, height: size };
}

function lightFrom(direction, roughness) {
  const height = direction.y * (1 - roughness / 3);
  let light = FLOOR + (SKY - FLOOR) * (0.5 + 0.5 * height);
  for (const lamp of LAMPS) {
    const sharpness = blurred(lamp.sharpness, roughness);
    const kept = sharpness / lamp.sharpness; // what a blur widens it also dims
    light += lamp.brightness * kept * Math.exp(sharpness * (direction.dot(lamp.toward) - 1));
  }
  return light;
}

/** The sharpness of a lamp as seen in a surface: two Gaussians, one after the other. */
function blurred(sharpness, roughness) {
  if (roughness === 0) return sharpness;
  const surface = MATT_SHARPNESS / roughness ** 4;
  return (sharpness * surface) / (sharpness + surface);
}
