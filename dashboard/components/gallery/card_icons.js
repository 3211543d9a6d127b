// An icon for each state, drawn on a grid of 24: small in the badge, large where there is no picture yet.

const PATHS = {
  ready: '<circle cx="12" cy="12" r="8.5" stroke-dasharray="3.4 3.3"/>',
  queued: '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.2 2"/>',
  generating: '<path d="M12 3.5l7.4 4.2v8.6L12 20.5l-7.4-4.2V7.7z" stroke-dasharray="4 2.6"/><path d="M12 8.5v7M8.5 12h7"/>',
  generated: '<path d="M12 3.5l7.4 4.2v8.6L12 20.5l-7.4-4.2V7.7zM12 12v8.5M4.6 7.7L12 12l7.4-4.3"/>',
  rigging: '<circle cx="6.5" cy="17.5" r="2.5"/><circle cx="17.5" cy="6.5" r="2.5"/><path d="M8.6 15.4l6.8-6.8" stroke-dasharray="2.6 2.4"/>',
  rigged: '<circle cx="6.5" cy="17.5" r="2.5"/><circle cx="17.5" cy="6.5" r="2.5"/><path d="M8.3 15.7l7.4-7.4"/>',
  animating: '<path d="M4 12c2-5 4-5 5.5 0s3.5 5 5.5 0 3.5-5 5 0" stroke-dasharray="4 2.4"/>',
  complete: '<circle cx="12" cy="12" r="8.5"/><path d="M8.3 12.300l2.6 2.6 4.9-5.4"/>',
  failed: '<circle cx="12" cy="12" r="8.5"/><path d="M9.2 9.200l5.6 5.600M14.8 9.200l-5.6 5.6"/>',
  unknown: '<circle cx="12" cy="12" r="8.5"/><path d="M9.7 9.600a2.4 2.4 0 1 1 3.6 2.100c-.9.5-1.3 1-1.3 1.900M12 16.400v.2"/>',
};

export function stateIcon(state) {
  const holder = document.createElement("span");
  holder.className = "icon";
  holder.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8"
    stroke-linecap="round" stroke-linejoin="round">${PATHS[state] ?? PATHS.unknown}</svg>`;
  return holder;
}
