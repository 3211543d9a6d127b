// Keeps the name that a person gave: a script on the server can read a cookie, but not set one.
export function create() {
  return {
    update({ data }) {
      document.cookie = data.cookie;
    },
    remove() {},
  };
}
