// Brings a component's stylesheet into the shadow root that the component stands in; tells when it has come, or cannot.

export function installStyles(host, address) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address.href;
  const settled = new Promise((settle) => (link.onload = link.onerror = settle));
  host.append(link);
  return settled;
}
