// Remembers a form for as long as it is open: Streamlit brings what is told here to each server that this tab talks to.
const BYTES = 16;

export function create() {
  let isNamed = false, upload;
  return {
    update({ data, setStateValue }) {
      if (!isNamed) setStateValue("name", newName());
      isNamed = true;
      if (data.upload === null || data.upload === upload) return;
      upload = data.upload;
      setStateValue("upload", upload);
    },
    remove() {},
  };
}

function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
