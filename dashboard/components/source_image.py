"""The image that a model is made from: chosen as a file or a link, checked at once, and shown."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

import streamlit as st

from core.errors import HatcheryError, OrderError
from core.schemas import SourceImageView
from core.tripo.catalog import IMAGE_BYTES_MOST, IMAGE_SIDE_LEAST
from dashboard import backend, image_backend
from dashboard.components import person
from dashboard.components.downloads import size_in_words
from dashboard.components.field_faults import Faults, show_error, show_fault
from dashboard.components.first_values import first_value
from dashboard.components.plain_text import as_html, as_markdown

Source = Literal["words", "file", "link"]
SOURCES: Final[dict[Source, str]] = {"words": "Words", "file": "An image", "link": "A link to an image"}
_LEAST, _MEGABYTES_MOST = f"{IMAGE_SIDE_LEAST} × {IMAGE_SIDE_LEAST}", IMAGE_BYTES_MOST // 10**6
LIMITS: Final = f"JPEG, PNG or WebP, {_LEAST} pixels or more, at most {_MEGABYTES_MOST} MB."
_SOURCE, _FILE, _LINK = "asset_source", "asset_file", "asset_link"
_KEPT, _REFUSED = "asset_image_kept", "asset_image_refused"


def forget_image() -> None:
    """Begin with words again."""
    for key in (_KEPT, _REFUSED):
        st.session_state[key] = None


def ask_source() -> Source:
    """Ask what a model is to be made from."""
    st.segmented_control(
        "Make it from",
        list(SOURCES),
        default=first_value(_SOURCE, "words", None),
        format_func=SOURCES.__getitem__,
        key=_SOURCE,
        required=True,
    )
    return chosen_source()


def chosen_source() -> Source:
    """Say what the model is to be made from."""
    source: Source = st.session_state.get(_SOURCE) or "words"
    return source


def ask_image(faults: Faults, *, of_form: str) -> None:
    """Ask for the image, and show the one that was chosen; `of_form` is where the session has the form's name."""
    if chosen_source() == "file":
        st.file_uploader(
            "Image",
            type=["jpg", "jpeg", "png", "webp"],
            key=_FILE,
            on_change=_keep,
            args=(of_form,),
            label_visibility="collapsed",
        )
        st.caption(LIMITS)
        kept = _kept()
        if kept is not None:
            show_image(kept)
    else:
        st.text_input("Link to the image", key=_LINK, placeholder="https://…")
        st.caption(
            "JPEG or PNG, at most 20 MB, behind a link that anybody on the internet can open: Tripo fetches it itself."
        )
    refused: OrderError | None = st.session_state.get(_REFUSED) if chosen_source() == "file" else None
    if refused is not None:
        show_error(refused)
    else:
        show_fault(faults, "image")


def chosen_image() -> tuple[dict[str, str] | None, str]:
    """Return the image as an order names it, and its name; None with words, empty while none is chosen."""
    if chosen_source() == "words":
        return None, ""
    if chosen_source() == "link":
        link = (st.session_state.get(_LINK) or "").strip()
        return ({"url": link} if link else {}), ""
    kept = _kept()
    return ({"uploadId": kept.upload_id}, kept.name or "") if kept and kept.upload_id else ({}, "")


def show_image(image: SourceImageView) -> None:
    """Show an image of ours; of a link only where it leads: nothing is fetched from outside for a page."""
    if image.upload_id is None:
        host = as_html(urlsplit(image.url).hostname or "elsewhere")
        st.html(
            f'<a href="{as_html(image.url)}" target="_blank" rel="noreferrer noopener">An image at {host}</a>'
        )
        return
    name = as_html(image.name or "image")
    look = "display: block; max-width: 100%; max-height: 220px; border-radius: 8px"
    st.html(f'<img src="{as_html(image.url)}" alt="The image: {name}" style="{look}">')
    size = f"{image.width} × {image.height} pixels · {size_in_words(image.bytes or 0)}"
    st.caption(f"{as_markdown(image.name or 'image')} · {size}")


def kept_upload_id() -> str | None:
    """Return by which id the chosen file was kept; None while there is none."""
    kept = _kept()
    return kept.upload_id if kept else None


def bring_back_image(upload_id: str) -> bool:
    """Choose again what the tab had chosen before the server was restarted; False when it is no longer there."""
    try:
        st.session_state[_KEPT] = image_backend.kept_image(upload_id)
    except HatcheryError:
        return False
    return True


def _kept() -> SourceImageView | None:
    kept: SourceImageView | None = st.session_state.get(_KEPT)
    return kept


def _keep(of_form: str) -> None:
    """Check and keep what was just chosen, once; for the field's `on_change`."""
    state = st.session_state
    file = state.get(_FILE)
    forget_image()
    if file is None:
        return
    try:
        actor = person.name() or backend.NOBODY
        state[_KEPT] = image_backend.keep_image(file.getvalue(), file.name, form=state[of_form], actor=actor)
    except HatcheryError as error:
        state[_REFUSED] = error
