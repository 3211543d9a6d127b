"""Submit: describe a thing, and have it made."""

import streamlit as st

from dashboard import backend
from dashboard.components.asset_list import open_asset
from dashboard.components.live import last_known
from dashboard.components.price import show_price
from dashboard.components.submit_form import ask_for_asset, just_ordered, send, show_refusal

ordered = just_ordered()
if ordered is not None:
    open_asset(*ordered)

st.title("Submit an asset", anchor=False)
form_side, plan_side = st.columns([2, 1], gap="large")
with form_side:
    asset = ask_for_asset(last_known("projects", None, backend.projects))
with plan_side, st.container(border=True):
    st.markdown("**What will be made**")
    show_price(asset)
    st.caption("The steps follow one another by themselves. You can close the page meanwhile.")
    st.button("Submit", type="primary", icon=":material/rocket_launch:", on_click=send, width="stretch")
    show_refusal()
