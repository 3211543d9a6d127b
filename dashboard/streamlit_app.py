"""The frame of all pages: navigation, banners, who is here."""

from pathlib import Path

import streamlit as st

from dashboard import backend
from dashboard.components import person, tab
from dashboard.components.banners import show_banners, show_pulse
from dashboard.components.live import say_unavailable
from dashboard.components.page_styles import install_page_styles

ICON = str(
    Path(__file__).parent / "assets" / "icon.png"
)  # a local picture: a Material icon here is fetched from outside

st.set_page_config(page_icon=ICON, layout="wide")
page = st.navigation(
    {
        "": [st.Page("app_pages/home.py", title="Home", icon=":material/home:", default=True)],
        "Work": [
            st.Page("app_pages/submit.py", title="Submit", icon=":material/add_circle:", url_path="submit"),
            st.Page("app_pages/plans.py", title="Plans", icon=":material/list_alt:", url_path="plans"),
            st.Page("app_pages/plan.py", title="Plan", url_path="plan", visibility="hidden"),
            st.Page("app_pages/new_plan.py", title="New plan", url_path="new_plan", visibility="hidden"),
            st.Page(
                "app_pages/plan_guide.py", title="Writing plans", url_path="plan_guide", visibility="hidden"
            ),
            st.Page("app_pages/style.py", title="Style", url_path="style", visibility="hidden"),
            st.Page("app_pages/assets.py", title="Assets", icon=":material/view_in_ar:", url_path="assets"),
            st.Page("app_pages/asset.py", title="Asset", url_path="asset", visibility="hidden"),
            st.Page("app_pages/review.py", title="Review", icon=":material/rate_review:", url_path="review"),
        ],
        "Operations": [
            st.Page("app_pages/failures.py", title="Failures", icon=":material/error:", url_path="failures"),
            st.Page("app_pages/failure.py", title="Failure", url_path="failure", visibility="hidden"),
            st.Page(
                "app_pages/health.py", title="Health", icon=":material/monitor_heart:", url_path="health"
            ),
            st.Page(
                "app_pages/signals.py", title="Signals", icon=":material/monitoring:", url_path="signals"
            ),
            st.Page("app_pages/jobs.py", title="Jobs", icon=":material/task_alt:", url_path="jobs"),
            st.Page("app_pages/job.py", title="Job", url_path="job", visibility="hidden"),
            st.Page(
                "app_pages/alerts.py", title="Alerts", icon=":material/notifications:", url_path="alerts"
            ),
            st.Page("app_pages/keys.py", title="Keys", icon=":material/key:", url_path="keys"),
        ],
    }
)
st.set_page_config(page_title=f"{page.title} · Hatchery", page_icon=ICON)
st.logo(ICON, size="large")
install_page_styles()
with st.sidebar:
    tab.watch()
    show_pulse()
    person.ask()
show_banners()
try:
    page.run()
except backend.DataUnavailableError as error:
    say_unavailable(error)
