// Names a form when it is opened, and tells the page once: Streamlit brings it to each server that this tab talks to.
const BYTES = 16;

export function create() {
  let isTold = false;
  return {
    update({ setStateValue }) {
      if (isTold) return;
      isTold = true;
      const bytes = crypto.getRandomValues(new Uint8Array(BYTES));
      setStateValue("name", Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
    },
    remove() {},
  };
}
