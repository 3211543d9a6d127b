// Runs the validator beside the page, so that nothing stands still meanwhile. A classic worker: the build is a script.
self.exports = {}; // where the build puts its functions

onmessage = async ({ data }) => {
  try {
    const answer = await fetch(data.src);
    if (!answer.ok) return postMessage({ trouble: `The model is not available (HTTP ${answer.status}).` });
    importScripts(data.validator);
    const options = { format: "glb", maxIssues: 50, writeTimestamp: false };
    postMessage(await self.exports.validateBytes(new Uint8Array(await answer.arrayBuffer()), options));
  } catch (error) {
    postMessage({ trouble: `The model cannot be validated: ${error?.message ?? error}` });
  }
};
