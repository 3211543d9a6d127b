"""A small Streamlit app around the viewer and the gallery: `python -m tests.dashboard.component_lab.app PORT`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import streamlit as st
from PIL import Image
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.sandbox import forge
from dashboard.vendor_files import vendor_routes
from tests.dashboard.component_lab.bar import bar_glb
from tests.dashboard.component_lab.lab_words import KEPT

HERE = Path(__file__).parent
KNIGHT = ("a low poly knight in T-pose", 1)

MODELS = {
    "walking": lambda: forge.animated(*KNIGHT, "preset:walk"),
    "rigged": lambda: forge.rigged(*KNIGHT),
    "draft": lambda: forge.draft(*KNIGHT),
    "two-clips": lambda: bar_glb(clips=("wave", "preset:nod")),
    "fbx": lambda: forge.fbx(*KNIGHT),
    "cut": lambda: forge.draft(*KNIGHT)[:5000],
    "empty": lambda: b"",
}


def model(request: Request) -> Response:
    """Answer with a model's bytes, with a web page, or with 404, as the name says."""
    name = request.path_params["name"]
    if name == "page":
        return HTMLResponse("<!doctype html><title>not a model</title>")
    sample = HERE / "samples" / f"{name}.glb"
    if sample.is_file():
        return Response(sample.read_bytes(), media_type="model/gltf-binary")
    if name not in MODELS:
        return Response("no such model", 404)
    return Response(MODELS[name](), media_type="model/gltf-binary")


def picture(request: Request) -> Response:
    """Answer with a plain picture; it may not be kept, so that every fetch can be counted."""
    file = io.BytesIO()
    Image.new("RGB", (128, 128), f"hsl({int(request.path_params['number']) * 47 % 360}, 45%, 60%)").save(
        file, "PNG"
    )
    return Response(file.getvalue(), media_type="image/png", headers={"Cache-Control": "no-store"})


async def keep(request: Request) -> Response:
    """Take a picture of a view, and note what it is."""
    form = await request.form()
    content = await form["file"].read()
    await form.close()
    with Image.open(io.BytesIO(content)) as image:
        actor = request.headers["x-hatchery-user"].encode("latin-1").decode()
        KEPT[:] = [f"{image.format} {image.width} x {image.height} by {actor}"]
    return Response(status_code=201)


app = st.App(
    HERE / "lab.py",
    routes=[
        *vendor_routes(),
        Route("/models/{name}", model),
        Route("/kept", keep, methods=["POST"]),
        Route("/pictures/{number}", picture),
    ],
)

if __name__ == "__main__":
    app.run(
        config={
            "server.port": int(sys.argv[1]),
            "server.address": "127.0.0.1",
            "server.headless": True,
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": False,
            "client.toolbarMode": "minimal",
            "theme.base": sys.argv[2] if len(sys.argv) > 2 else "light",
        }
    )
