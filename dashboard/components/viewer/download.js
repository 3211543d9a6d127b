// Fetches a model's bytes: with progress, and with a reason in words when that does not work.
import { answeredWith, ModelUnavailable, noPreviewForFbx, notAModel, unreachable } from "./failures.js";

const GLB_MAGIC = "glTF";
const FBX_MAGIC = "Kaydara FBX Binary";

/** @param {(share: number | null) => void} onProgress from 0 to 1, or null when the size is not known */
export async function download(src, signal, onProgress) {
  if (/\.fbx$/i.test(new URL(src).pathname)) throw noPreviewForFbx();
  try {
    const response = await fetch(src, { signal });
    if (!response.ok) throw answeredWith(response.status);
    return await readAll(response, onProgress);
  } catch (error) {
    if (error instanceof ModelUnavailable || error.name === "AbortError") throw error;
    throw unreachable();
  }
}

async function readAll(response, onProgress) {
  const expected = Number(response.headers.get("Content-Length")) || null;
  const chunks = [];
  let received = 0;
  let checked = false;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    received += value.length;
    if (!checked && received >= FBX_MAGIC.length) {
      checked = true;
      const problem = problemWith(chunks);
      if (problem) {
        reader.cancel(); // a large file of the wrong kind need not arrive
        throw problem;
      }
    }
    onProgress(expected && Math.min(received / expected, 1));
  }
  if (!checked) throw notAModel();
  return new Blob(chunks).arrayBuffer();
}

function problemWith(chunks) {
  const start = chunks.flatMap((chunk) => [...chunk.subarray(0, FBX_MAGIC.length)]);
  const text = String.fromCharCode(...start);
  if (text.startsWith(GLB_MAGIC)) return null;
  return text.startsWith(FBX_MAGIC) ? noPreviewForFbx() : notAModel();
}
