// Brings a component's stylesheet into the shadow root that the component stands in.

export function installStyles(host, address) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = address.href;
  host.append(link);
}
