// The viewer's icons, drawn on a grid of 24; they take the colour of the text around them.

const PATHS = {
  play: '<path d="M8 5.5v13l10.5-6.5z" fill="currentColor"/>',
  pause: '<path d="M8 6v12M16 6v12" stroke-width="3.2"/>',
  wireframe: '<path d="M12 3l8 4.6v8.8L12 21l-8-4.6V7.6zM12 3v18M4 7.6l8 4.4 8-4.4M4 16.4l8-4.4 8 4.4"/>',
  skeleton: '<circle cx="6" cy="18" r="2.6"/><circle cx="12" cy="10" r="2.2"/><circle cx="18.5" cy="5.5" r="2.2"/><path d="M7.6 15.9l3-4M13.9 8.8l2.8-2"/>',
  bounds: '<path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4"/><path d="M8.5 9.8L12 8l3.5 1.8v4.4L12 16l-3.5-1.8z"/>',
  thumbnail: '<path d="M4 8h3.2l1.6-2.5h6.4L16.8 8H20v11H4z"/><circle cx="12" cy="13" r="3.4"/>',
  turntable: '<path d="M4 12.5c0-2.5 3.6-4.5 8-4.5s8 2 8 4.5-3.6 4.5-8 4.5"/><path d="M15 14l-3 3 3 3"/>',
  reset: '<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/><circle cx="12" cy="12" r="2.4" fill="currentColor" stroke="none"/>',
  fullscreen: '<path d="M14 4h6v6M10 20H4v-6M20 4l-7 7M4 20l7-7"/>',
  leave: '<path d="M20 10h-6V4M4 14h6v6M14 10l6.5-6.5M10 14l-6.5 6.5"/>',
  trouble: '<path d="M12 4l9.2 16H2.8z"/><path d="M12 10v4.5M12 17.2v.3" stroke-width="2.2"/>',
};

export function icon(name) {
  return `<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.7"
    stroke-linecap="round" stroke-linejoin="round">${PATHS[name]}</svg>`;
}
