"""Writing plans: the formats, templates to begin with, and a prompt with which a chat model writes one."""

import json

import streamlit as st

from core.plans.author import chat_prompt, guide
from core.plans.plan import FORMATS
from core.plans.schema import plan_schema
from core.plans.templates import template

FILES = {"markdown": "md"}
TITLES = {"markdown": "Markdown", "csv": "CSV", "tsv": "TSV", "xlsx": "XLSX", "json": "JSON", "yaml": "YAML"}

st.page_link("app_pages/plans.py", label="All plans", icon=":material/arrow_back:")
st.title("Writing plans", anchor=False)
st.subheader("Templates", anchor=False)
st.markdown("Three assets that show every field; replace them with yours.")
with st.container(horizontal=True, gap="small"):
    for form in FORMATS:
        st.download_button(
            TITLES[form],
            template(form),
            file_name=f"plan.{FILES.get(form, form)}",
            key=f"template-{form}",
            icon=":material/download:",
            on_click="ignore",
        )
    st.download_button(
        "JSON Schema",
        json.dumps(plan_schema(), indent=2),
        file_name="plan.schema.json",
        key="template-schema",
        icon=":material/schema:",
        on_click="ignore",
        help="For editors and programs: of a plan in JSON or YAML.",
    )
st.subheader("Let a chat model write it", anchor=False)
idea = st.text_input("What is it for?", key="plan_idea", placeholder="A harbour town for a sailing game")
st.caption("Copy this prompt, give it to a chat model, and paste its answer under New plan.")
st.code(chat_prompt(idea), language=None, wrap_lines=True, height=320)
st.markdown(guide())
