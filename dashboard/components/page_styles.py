"""The few looks and manners that Streamlit's theme has no setting for."""

from __future__ import annotations

from typing import Final

import streamlit as st

# The primary colour must carry white on buttons, so on a dark page it is too dark for words: they take the text's.
_CHOSEN: Final = '[data-testid="stButtonGroup"] button[type]:is([aria-checked="true"], [aria-pressed="true"])'
_STYLES: Final = f"""<style>
{_CHOSEN}, {_CHOSEN} * {{ color: inherit }}
[data-testid="stCaptionContainer"] code {{ color: inherit; background: none }}
</style>"""

# Streamlit's page ends as a white one when a fault of its own is not caught; loaded anew it is as its address says.
_WAY_BACK: Final = """<script>
(() => {
  if (window.hatcheryWayBack) return;
  window.hatcheryWayBack = true;
  const kept = "hatchery loaded anew at";
  const comeBack = () => {
    const isWhite = !document.querySelector('[data-testid="stApp"]');
    if (!isWhite || Date.now() - Number(sessionStorage.getItem(kept)) < 10_000) return;
    sessionStorage.setItem(kept, Date.now());
    location.reload();
  };
  window.addEventListener("error", () => setTimeout(comeBack, 500));
})();
</script>"""

# Streamlit puts the navigation's items below headings inside one list, which is none to a screen reader, and lets
# nobody scroll wide code by keyboard.
_MANNERS: Final = """<script>
(() => {
  if (window.hatcheryManners) return;
  const give = (name, value, places) => {
    const lacking = places.map((place) => `${place}:not([${name}])`).join();
    document.querySelectorAll(lacking).forEach((part) => part.setAttribute(name, value));
  };
  const mend = () => {
    const navigation = 'ul[data-testid="stSidebarNavItems"]';
    give("role", "none", [navigation, `${navigation} li`]);
    give("tabindex", "0", ['[data-testid="stCode"] pre']);
  };
  window.hatcheryManners = new MutationObserver(mend);
  window.hatcheryManners.observe(document.body, { childList: true, subtree: true });
  mend();
})();
</script>"""

# Streamlit opens popovers and menus at the end of the page and leaves the focus behind: by keyboard one would have to
# walk through all that lies between. Who opens one by keyboard is led into it, and back when it has closed.
_OVERLAYS: Final = """<script>
(() => {
  if (window.hatcheryOverlays) return;
  const overlays = '[data-testid="stPopoverBody"], [data-testid="stMenuButtonBody"]';
  const parts = 'button, input, textarea, a[href], [role="menuitem"], [tabindex="0"]';
  const frames = 120; // for what is not placed yet, or comes from the server
  let opener;
  const enter = (overlay, left) => {
    if (!left || document.activeElement !== opener) return;
    overlay.querySelector(parts)?.focus();
    requestAnimationFrame(() => enter(overlay, left - 1));
  };
  const lead = () => {
    const overlay = document.querySelector(overlays);
    const focused = document.activeElement;
    if (!overlay && opener) {
      if (focused === document.body && opener.isConnected) opener.focus();
      opener = undefined;
    } else if (overlay && !opener && focused.matches('[aria-expanded="true"]:focus-visible')) {
      opener = focused;
      requestAnimationFrame(() => enter(overlay, frames));
    }
  };
  window.hatcheryOverlays = new MutationObserver(lead);
  window.hatcheryOverlays.observe(document.body, { childList: true, subtree: true });
})();
</script>"""


def install_page_styles() -> None:
    """Let segments, pills and names in captions be read in both themes (WCAG 2.2, 1.4.3), the rest be used by all.

    And let a page that broke down come back.
    """
    st.html(_STYLES)
    st.html(_MANNERS + _OVERLAYS + _WAY_BACK, unsafe_allow_javascript=True)
