// A loaded GLB: its scene, clips, plain facts, and the way to give its memory back.
import * as THREE from "./three.js";
import { download } from "./download.js";
import { unreadable } from "./failures.js";

const POINTS = 600;
const PRECISE_UP_TO_VERTICES = 300_000; // beyond that the exact box costs a visible pause

export async function loadModel(src, { renderer, signal, onProgress }) {
  const bytes = await download(src, signal, onProgress);
  const decoders = [];
  try {
    const loader = new THREE.GLTFLoader();
    await giveDecoders(loader, extensionsOf(bytes), renderer, decoders);
    const folder = THREE.LoaderUtils.extractUrlBase(src);
    return new Model(await loader.parseAsync(bytes, folder));
  } catch (error) {
    throw unreadable(error);
  } finally {
    for (const decoder of decoders) decoder.dispose();
  }
}

function extensionsOf(bytes) {
  const length = new DataView(bytes).getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 20, length)));
  return new Set(json.extensionsUsed ?? []);
}

/** Decoders are large, so each comes only with the first model that needs it. */
async function giveDecoders(loader, extensions, renderer, decoders) {
  if (extensions.has("KHR_draco_mesh_compression")) {
    const { DRACOLoader } = await import(THREE.addon("loaders/DRACOLoader.js"));
    const draco = new DRACOLoader().setDecoderPath(THREE.addon("libs/draco/gltf/")).setWorkerLimit(1);
    loader.setDRACOLoader(draco);
    decoders.push(draco);
  }
  if (extensions.has("KHR_texture_basisu")) {
    const { KTX2Loader } = await import(THREE.addon("loaders/KTX2Loader.js"));
    const ktx2 = new KTX2Loader().setTranscoderPath(THREE.addon("libs/basis/")).setWorkerLimit(1);
    loader.setKTX2Loader(ktx2.detectSupport(renderer));
    decoders.push(ktx2);
  }
  if (extensions.has("EXT_meshopt_compression") || extensions.has("KHR_meshopt_compression")) {
    const { MeshoptDecoder } = await import(THREE.addon("libs/meshopt_decoder.module.js"));
    loader.setMeshoptDecoder(MeshoptDecoder);
  }
}

export class Model {
  constructor(gltf) {
    this.scene = gltf.scene;
    this.clips = gltf.animations;
    this.meshes = [];
    this.scene.traverse((object) => object.isMesh && this.meshes.push(object));
    for (const mesh of this.meshes) {
      mesh.castShadow = mesh.receiveShadow = true;
      mesh.frustumCulled = !mesh.isSkinnedMesh; // a clip moves a skin out of the box of its rest pose
    }
    this.bones = [...new Set(this.meshes.flatMap((mesh) => mesh.skeleton?.bones ?? []))];
    this.triangles = sum(this.meshes.map(trianglesOf));
    this.box = boxOf(this.scene, this.meshes);
  }

  /** Width, height and depth of the rest pose in metres, glTF's unit. */
  get size() {
    return this.box.getSize(new THREE.Vector3());
  }

  /** Some hundred points of the surface as it stands now, clip and skeleton included. */
  points() {
    this.scene.updateMatrixWorld(true);
    return this.meshes.flatMap((mesh) => {
      const { count } = mesh.geometry.attributes.position;
      const step = Math.max(1, Math.floor((count * this.meshes.length) / POINTS));
      return Array.from({ length: Math.ceil(count / step) }, (_, at) =>
        mesh.getVertexPosition(at * step, new THREE.Vector3()).applyMatrix4(mesh.matrixWorld),
      );
    });
  }

  dispose() {
    for (const mesh of this.meshes) {
      mesh.geometry.dispose();
      mesh.skeleton?.dispose();
      for (const material of [mesh.material].flat()) disposeMaterial(material);
    }
  }
}

function disposeMaterial(material) {
  for (const value of Object.values(material)) {
    if (!value?.isTexture) continue;
    value.dispose();
    value.source.data?.close?.(); // an ImageBitmap keeps its pixels until it is closed
  }
  material.dispose();
}

function boxOf(scene, meshes) {
  scene.updateMatrixWorld(true);
  const vertices = sum(meshes.map((mesh) => mesh.geometry.attributes.position.count));
  const box = new THREE.Box3().setFromObject(scene, vertices <= PRECISE_UP_TO_VERTICES);
  return box.isEmpty() ? new THREE.Box3(new THREE.Vector3(-0.5, 0, -0.5), new THREE.Vector3(0.5, 1, 0.5)) : box;
}

function trianglesOf({ geometry, count = 1 }) {
  return ((geometry.index ?? geometry.attributes.position).count / 3) * count;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
