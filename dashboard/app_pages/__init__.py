"""The pages: each a short script that Streamlit runs from top to bottom, at each rerun."""
