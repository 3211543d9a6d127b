"""Where one arrives: at the assets, or at Submit as long as there are none."""

import streamlit as st

from core.asset_query import Query
from dashboard import backend

has_assets = backend.assets(Query(), page=1, per_page=1).total
st.switch_page("app_pages/assets.py" if has_assets else "app_pages/submit.py")
