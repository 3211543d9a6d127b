"""Khronos' glTF Validator, run in the browser when somebody asks: its report on one stored model."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard.components.browser_parts import LOADER_HTML, LOADER_JS, part_address

VALIDATOR: Final = "vendor/gltf-validator-2.0.0-dev.3.10/gltf_validator.dart.js"

_mount = st.components.v2.component("hatchery_validation", html=LOADER_HTML, js=LOADER_JS)


def offer_validation(src: str, *, key: str) -> None:
    """Show a button that validates the GLB at `src`, an address of ours, and then what the validator says."""
    data = {"module": part_address("validation/validation.js"), "validator": VALIDATOR, "src": src}
    _mount(key=key, data=data)
