// Imports a component's module from our own route and hands it every new state of the page.
// Streamlit calls the default export again on each rerun; the returned function only at the end.
export default function mount(component) {
  const host = component.parentElement.querySelector("[data-piece]");
  const address = new URL(component.data.module, document.baseURI).href;
  if (host.piece?.address !== address) {
    host.piece?.leave(); // the server has newer code than this page
    host.piece = join(host, address);
  }
  host.piece.update(component);
  return () => {
    host.piece?.leave();
    host.piece = undefined;
  };
}

function join(host, address) {
  let newest, mounted, left = false;
  import(address).then((module) => {
    if (left) return;
    mounted = module.create(host);
    mounted.update(newest);
  }).catch((error) => {
    console.error(error);
    host.textContent = "This part of the page could not be loaded. Reload the page; if it stays so, restart the dashboard.";
    host.setAttribute("role", "alert");
  });
  return {
    address,
    update(component) {
      newest = component;
      mounted?.update(component);
    },
    leave() {
      left = true;
      mounted?.remove();
      host.replaceChildren();
    },
  };
}
