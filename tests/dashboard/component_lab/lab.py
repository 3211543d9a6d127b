"""The lab's page: what it shows is asked for in its address."""

import streamlit as st

from dashboard.components.viewer import model_viewer

st.set_page_config(page_title="Lab", page_icon="🧪", layout="wide")
asked = st.query_params

if asked.get("show", "viewer") == "viewer":
    models = asked.get("model", "walking").split(",")
    chosen = st.segmented_control("Model", models, default=models[0], required=True)
    shown = st.toggle("Shown", value=True)
    clip = st.selectbox("Clip", [None, "wave", "preset:nod"])
    reruns = st.session_state["reruns"] = st.session_state.get("reruns", 0) + 1
    st.button("Rerun")
    st.text(f"run {reruns}")
    if shown:
        model_viewer(
            f"/models/{chosen}", key="viewer", clip=clip, poster=asked.get("poster"), label="A knight"
        )
