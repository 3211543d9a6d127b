"""What Streamlit has still to send to a browser: kept whole when a live part is drawn anew.

Streamlit 1.67 forgets what a live part (a fragment) has drawn and was not sent yet, as soon as that part is drawn
again. When the whole page was drawn just before, the place of that part goes with it, but not the end of that
run, at which the browser takes away what the run had not drawn: the places below move up, other parts are
overwritten, and one that is drawn where no place is left ends as a white page ("Bad delta path index"). A busy
machine comes to that, as it sends late (`streamlit/runtime/forward_msg_queue.py`, `ForwardMsgQueue.clear`).
"""

from __future__ import annotations

from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


class WholeQueue(ForwardMsgQueue):
    """Sends all that was drawn, in its order: a browser sees what it would have seen from a machine in no hurry."""

    def clear(
        self, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        """Forget what is not sent yet, but for a run of live parts: its messages follow those of the run before."""
        if fragment_ids_this_run:
            self._delta_index_map = {}  # later ones do not take the places of earlier ones
        else:
            super().clear(retain_lifecycle_msgs, fragment_ids_this_run)


def install_whole_queue() -> None:
    """Give every page that is opened from now on a queue that is kept whole."""
    app_session.ForwardMsgQueue = WholeQueue  # type: ignore[attr-defined]
