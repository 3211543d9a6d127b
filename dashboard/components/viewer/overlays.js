// What can be laid over a model: the lines of its triangles, and its bones.
import * as THREE from "./three.js";

const LINES = "#38bdf8";
const BONES = "#f59e0b";
const UP = new THREE.Vector3(0, 1, 0);

/** Draws the edges of every triangle over the surface, following skins and morphs. */
export class Wireframe {
  #material = new THREE.MeshBasicMaterial({
    color: LINES, wireframe: true, transparent: true, opacity: 0.4, depthWrite: false,
    polygonOffset: true, polygonOffsetFactor: -1, polygonOffsetUnits: -1,
  });
  #lines;

  constructor(model) {
    this.#lines = model.meshes.filter((mesh) => !mesh.isInstancedMesh).map((mesh) => this.#over(mesh));
  }

  update() {}

  dispose() {
    for (const lines of this.#lines) lines.removeFromParent();
    this.#material.dispose();
  }

  #over(mesh) {
    const lines = mesh.isSkinnedMesh
      ? new THREE.SkinnedMesh(mesh.geometry, this.#material)
      : new THREE.Mesh(mesh.geometry, this.#material);
    if (mesh.isSkinnedMesh) lines.bind(mesh.skeleton, mesh.bindMatrix);
    lines.morphTargetInfluences = mesh.morphTargetInfluences;
    lines.frustumCulled = mesh.frustumCulled;
    lines.raycast = () => {};
    mesh.add(lines);
    return lines;
  }
}

/** Draws each bone as a slim double pyramid from joint to joint, and each joint as a ball, through the surface. */
export class Skeleton {
  #bones;
  #pairs;
  #shafts;
  #joints;
  #scene;
  #jointSize;

  constructor(model, scene) {
    const known = new Set(model.bones);
    this.#scene = scene;
    this.#bones = model.bones;
    this.#pairs = model.bones.filter((bone) => known.has(bone.parent)).map((bone) => [bone.parent, bone]);
    this.#jointSize = model.size.length() * 0.006;
    this.#shafts = instances(shaft(), this.#pairs.length, 0.75);
    this.#joints = instances(new THREE.SphereGeometry(1, 10, 8), this.#bones.length, 1);
    scene.add(this.#shafts, this.#joints);
    this.update();
  }

  update() {
    const [from, to, way, place] = [new THREE.Vector3(), new THREE.Vector3(), new THREE.Vector3(), new THREE.Object3D()];
    this.#pairs.forEach(([parent, child], at) => {
      from.setFromMatrixPosition(parent.matrixWorld);
      way.subVectors(to.setFromMatrixPosition(child.matrixWorld), from);
      const length = Math.max(way.length(), 1e-6);
      place.position.copy(from);
      place.quaternion.setFromUnitVectors(UP, way.normalize());
      place.scale.set(Math.min(length, this.#jointSize * 14), length, Math.min(length, this.#jointSize * 14));
      place.updateMatrix();
      this.#shafts.setMatrixAt(at, place.matrix);
    });
    this.#bones.forEach((bone, at) => {
      place.position.setFromMatrixPosition(bone.matrixWorld);
      place.quaternion.identity();
      place.scale.setScalar(this.#jointSize);
      place.updateMatrix();
      this.#joints.setMatrixAt(at, place.matrix);
    });
    this.#shafts.instanceMatrix.needsUpdate = this.#joints.instanceMatrix.needsUpdate = true;
  }

  dispose() {
    for (const part of [this.#shafts, this.#joints]) {
      this.#scene.remove(part);
      part.geometry.dispose();
      part.material.dispose();
      part.dispose();
    }
  }
}

/** A bone of length 1 along +Y, widest near its root. */
function shaft() {
  const points = [[0, 0, 0], [0.09, 0.15, 0], [0, 0.15, 0.09], [-0.09, 0.15, 0], [0, 0.15, -0.09], [0, 1, 0]];
  const faces = [0, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 1, 5, 2, 1, 5, 3, 2, 5, 4, 3, 5, 1, 4];
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.Float32BufferAttribute(points.flat(), 3));
  geometry.setIndex(faces);
  const flat = geometry.toNonIndexed();
  flat.computeVertexNormals();
  return flat;
}

function instances(geometry, count, opacity) {
  const material = new THREE.MeshStandardMaterial({
    color: BONES, emissive: BONES, emissiveIntensity: 0.35, roughness: 0.6, flatShading: true,
    transparent: true, opacity, depthTest: false, depthWrite: false,
  });
  const mesh = new THREE.InstancedMesh(geometry, material, count);
  mesh.frustumCulled = false;
  mesh.renderOrder = 10;
  return mesh;
}
