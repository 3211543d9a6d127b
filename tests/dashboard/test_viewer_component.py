"""The 3D viewer, in a real browser."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.dashboard.component_lab.driver import COUNT_CONTEXTS, Lab, Viewer, colours, differ

pytestmark = pytest.mark.browser


def test_an_animated_model_plays_by_itself(lab: Lab) -> None:
    viewer = lab.viewer("walking")

    assert viewer.state("state") == "ready"
    assert viewer.state("playing") == "true"
    assert viewer.state("clip") == "preset:walk"
    assert json.loads(viewer.state("clips") or "[]") == ["preset:walk"]
    assert int(viewer.state("triangles") or 0) > 100
    assert int(viewer.state("joints") or 0) > 10
    first = viewer.wait_for_picture(lambda picture: colours(picture) > 40)
    viewer.wait_for_picture(lambda picture: differ(first, picture))
    before = viewer.seconds()
    viewer.wait_until("Number(d.time) !== a", before)


def test_a_paused_clip_stands_still(lab: Lab) -> None:
    viewer = lab.viewer("walking")
    viewer.wait_until("Number(d.time) > 0")

    viewer.button("Pause animation").click()

    viewer.button("Play animation").wait_for()
    stood, still = viewer.seconds(), viewer.settled_picture()
    lab.page.wait_for_timeout(400)  # nothing can be waited for: the claim is that nothing happens
    assert viewer.seconds() == stood
    assert not differ(still, viewer.picture())
    viewer.button("Play animation").click()
    viewer.wait_for_picture(lambda picture: differ(still, picture))


def test_a_rerun_keeps_model_camera_and_position(lab: Lab) -> None:
    viewer = lab.viewer("two-clips")
    viewer.button("Pause animation").click()
    viewer.root.locator("canvas").focus()
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("+")
    before = viewer.settled_picture()
    stood = viewer.seconds()

    lab.rerun()
    lab.rerun()

    assert lab.asked_for("/models/") == ["/models/two-clips"]
    assert viewer.seconds() == stood
    assert viewer.state("playing") == "false"
    assert not differ(before, viewer.picture())


def test_clips_are_chosen_by_hand_and_by_the_page(lab: Lab) -> None:
    viewer = lab.viewer("two-clips")
    selector = viewer.root.get_by_label("Animation clip")

    assert viewer.state("clip") == "wave"
    selector.select_option("preset:nod")
    viewer.wait_until("d.clip === a", "preset:nod")
    assert selector.locator("option").all_inner_texts() == ["wave", "nod"]

    lab.page.get_by_test_id("stSelectbox").locator("input").click()
    lab.page.get_by_role("option", name="wave").click()

    viewer.wait_until("d.clip === a", "wave")
    assert len(lab.asked_for("/models/")) == 1


def test_scrubbing_stops_the_clip_where_the_hand_is(lab: Lab) -> None:
    viewer = lab.viewer("two-clips")
    scrub = viewer.root.get_by_label("Position in the clip")

    scrub.evaluate("bar => { bar.value = 250; bar.dispatchEvent(new Event('input')); }")

    viewer.wait_until("d.playing === 'false' && d.time === '0.250'")
    assert scrub.get_attribute("aria-valuetext") == "0.3 of 1.0 seconds"


def test_a_model_without_clips_has_no_player(lab: Lab) -> None:
    viewer = lab.viewer("draft")

    assert viewer.state("playing") == "false"
    assert viewer.state("joints") == "0"
    assert not viewer.button("Play animation").is_visible()
    assert not viewer.button("Skeleton").is_visible()
    assert viewer.button("Wireframe").is_visible()
    viewer.wait_for_picture(lambda picture: colours(picture) > 40)


def test_wireframe_skeleton_and_bounds_are_drawn_and_taken_away(lab: Lab) -> None:
    viewer = lab.viewer("two-clips")
    viewer.button("Pause animation").click()
    plain = viewer.settled_picture()

    for overlay in ("Wireframe", "Skeleton", "Bounding box"):
        viewer.button(overlay).click()
        assert viewer.button(overlay).get_attribute("aria-pressed") == "true"
        viewer.wait_for_picture(lambda picture: differ(plain, picture))
        viewer.button(overlay).click()
        viewer.wait_for_picture(lambda picture: not differ(plain, picture))


def test_two_models_beside_each_other_move_in_step(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1000, "height": 700})
    lab.open("pair=two-clips,two-clips")
    left, right = (Viewer(lab.page, at).settled() for at in (0, 1))
    right.button("Pause animation").click()
    left.button("Play animation").wait_for()
    before = right.picture()

    left.root.locator("canvas").focus()
    for key in ("ArrowRight", "ArrowRight", "+"):
        lab.page.keyboard.press(key)
    right.wait_until("d.view?.endsWith(' 0.85')")
    right.wait_for_picture(lambda picture: differ(before, picture))
    views = "all => all.map((viewer) => viewer.dataset.view)"  # of one moment: the camera may still glide
    ours, theirs = lab.page.get_by_test_id("model-viewer").evaluate_all(views)
    assert ours == theirs

    right.root.get_by_label("Animation clip").select_option("preset:nod")
    left.wait_until("d.clip === a", "preset:nod")
    left.root.get_by_label("Position in the clip").evaluate(
        "bar => { bar.value = 500; bar.dispatchEvent(new Event('input')); }"
    )
    right.wait_until("d.time === a", "1.000")
    left.button("Play animation").click()
    right.wait_until("d.playing === 'true' && d.time !== '1.000'")
    right.button("Reset view").click()
    left.wait_until("d.view.endsWith(' 1.00')")


def test_a_view_is_kept_as_the_picture_and_the_page_hears_of_it(lab: Lab) -> None:
    viewer = lab.viewer("rigged&thumbnail=/kept")

    viewer.button("Use this view as the picture in lists").click()

    viewer.root.get_by_text("This is the picture in lists now.").wait_for()  # said for some seconds only
    lab.page.get_by_text("pictured WEBP 512 x 512 by Zoë").wait_for()
    assert viewer.state("state") == "ready"
    lab.open("model=draft&thumbnail=/nowhere")
    viewer.settled().button("Use this view as the picture in lists").click()
    viewer.root.get_by_text("The picture was not kept (HTTP 40").wait_for()


def test_the_turntable_turns_until_it_is_stopped(lab: Lab) -> None:
    viewer = lab.viewer("ktx2")
    start = viewer.settled_picture()

    viewer.button("Turntable").click()
    viewer.wait_for_picture(lambda picture: differ(start, picture))
    viewer.button("Turntable").click()
    turned = viewer.settled_picture()
    assert differ(start, turned)

    viewer.button("Reset view").click()
    viewer.wait_for_picture(lambda picture: not differ(start, picture))


def test_the_size_is_said_in_metres(lab: Lab) -> None:
    viewer = lab.viewer("two-clips")

    assert viewer.root.get_by_text("0.50 × 1.80 × 0.50 m · 768 triangles · 4 joints").is_visible()


@pytest.mark.parametrize(
    ("model", "reason", "words", "can_retry"),
    [
        ("nowhere", "http-404", "not available (HTTP 404)", True),
        ("page", "not-a-model", "not a GLB model", True),
        ("empty", "not-a-model", "not a GLB model", True),
        ("cut", "unreadable", "damaged", True),
        ("fbx", "no-preview", "no preview for FBX", False),
    ],
)
def test_what_cannot_be_shown_is_said_in_words(
    lab: Lab, model: str, reason: str, words: str, can_retry: bool
) -> None:
    viewer = lab.viewer(model)

    assert viewer.state("state") == "failed"
    assert viewer.state("reason") == reason
    assert words in viewer.root.inner_text()
    assert viewer.button("Try again").is_visible() == can_retry
    assert not viewer.root.get_by_role("group", name="Viewer controls").is_visible()


@pytest.mark.parametrize(
    ("model", "verdict"),
    [
        ("two-clips", "Valid glTF: "),
        ("cut", "Not valid glTF: 1 error"),
        ("nowhere", "not available (HTTP 404)"),
    ],
)
def test_khronos_validator_gives_its_report_when_it_is_asked(lab: Lab, model: str, verdict: str) -> None:
    lab.open(f"model={model}")

    lab.page.get_by_role("button", name="Validate with Khronos").click()

    lab.page.get_by_test_id("validation").get_by_text(verdict).wait_for()


def test_after_a_failure_another_model_can_be_shown(lab: Lab) -> None:
    viewer = lab.viewer("nowhere,rigged")

    lab.page.get_by_role("radio", name="rigged").click()

    viewer.wait_until("d.state === 'ready'")
    assert int(viewer.state("joints") or 0) > 10
    viewer.wait_for_picture(lambda picture: colours(picture) > 40)


@pytest.mark.parametrize("packing", ["draco", "meshopt", "ktx2"])
def test_compressed_models_are_read_offline(lab: Lab, packing: str) -> None:
    viewer = lab.viewer(packing)

    assert viewer.state("state") == "ready", viewer.root.inner_text()
    assert viewer.state("triangles") == "12"
    viewer.wait_for_picture(lambda picture: colours(picture) > 20)


def test_no_request_leaves_this_machine(lab: Lab) -> None:
    lab.viewer("walking")
    lab.viewer("draco")

    hosts = {urlsplit(url).hostname for url in lab.requests if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}


def test_with_reduced_motion_nothing_starts_by_itself(browser: Browser, lab_address: str) -> None:
    with browser.new_context(reduced_motion="reduce") as context:
        viewer = Lab(context.new_page(), lab_address).viewer("walking")

        assert viewer.state("playing") == "false"
        assert viewer.button("Play animation").is_visible()


def test_everything_is_reached_by_keyboard(lab: Lab) -> None:
    viewer = lab.viewer("two-clips")
    viewer.root.locator("canvas").focus()
    reached = []
    for _ in range(9):
        lab.page.keyboard.press("Tab")
        reached.append(viewer.root.evaluate("root => root.getRootNode().activeElement?.ariaLabel"))

    assert reached == [
        "Pause animation",
        "Position in the clip",
        "Animation clip",
        "Playback speed",
        "Wireframe",
        "Skeleton",
        "Bounding box",
        "Turntable",
        "Reset view",
    ]
    viewer.root.locator("canvas").focus()
    lab.page.keyboard.press("Space")
    viewer.wait_until("d.playing === 'false'")


def test_a_lost_context_is_said_and_can_be_brought_back(lab: Lab) -> None:
    viewer = lab.viewer("draco")
    before = viewer.settled_picture()

    viewer.root.locator("canvas").evaluate(
        "canvas => canvas.getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()"
    )

    viewer.wait_until("d.state === 'failed' && d.reason === 'context-lost'")
    viewer.button("Try again").click()
    viewer.wait_until("d.state === 'ready'")
    viewer.wait_for_picture(lambda picture: not differ(before, picture))


def test_nothing_is_drawn_while_nothing_moves_or_nobody_looks(lab: Lab) -> None:
    lab.page.add_init_script(COUNT_DRAWS)
    viewer = lab.viewer("two-clips")

    def draws_in_a_while() -> int:
        before = lab.page.evaluate("draws")
        lab.page.wait_for_timeout(500)  # nothing can be waited for: the claim is that nothing happens
        return int(lab.page.evaluate("draws")) - before

    def comes_to_rest() -> bool:
        return any(draws_in_a_while() == 0 for _ in range(10))

    lab.page.wait_for_function("before => draws > before + 9", arg=lab.page.evaluate("draws"))
    viewer.root.evaluate("root => { root.style.marginBlockStart = '300vh'; }")
    assert comes_to_rest()
    viewer.root.evaluate("root => { root.style.marginBlockStart = ''; }")
    lab.page.wait_for_function("before => draws > before", arg=lab.page.evaluate("draws"))
    viewer.button("Pause animation").click()
    assert comes_to_rest()


def test_leaving_and_returning_twenty_times_frees_every_context(lab: Lab) -> None:
    lab.page.add_init_script(COUNT_CONTEXTS)
    viewer = lab.viewer("two-clips")

    for _ in range(20):  # more than the contexts that a browser has; some are left before the model is there
        lab.switch("Shown")
        viewer.root.wait_for(state="detached")
        lab.switch("Shown")
        viewer.root.locator("canvas").wait_for(state="attached")
    viewer.settled()

    assert viewer.state("state") == "ready"
    assert not [line for line in lab.console if "Too many active WebGL contexts" in line]
    assert lab.page.evaluate("contexts.length") == 21
    assert lab.page.evaluate("living()") == 1


COUNT_DRAWS = """
window.draws = 0;
const drawn = WebGL2RenderingContext.prototype.drawElements;
WebGL2RenderingContext.prototype.drawElements = function (...how) {
  window.draws += 1;
  return drawn.apply(this, how);
};
"""


def test_a_view_that_becomes_narrow_is_framed_anew_until_a_person_turned_it(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 390, "height": 850})
    narrow = lab.viewer("draft").settled_picture()
    lab.page.set_viewport_size({"width": 800, "height": 850})
    viewer = lab.viewer("draft")
    assert viewer.state("state") == "ready"

    lab.page.set_viewport_size({"width": 390, "height": 850})
    assert not differ(narrow, viewer.settled_picture())

    viewer.root.locator("canvas").focus()
    lab.page.keyboard.press("+")
    nearer = viewer.settled_picture()
    lab.page.set_viewport_size({"width": 420, "height": 850})
    lab.page.set_viewport_size({"width": 390, "height": 850})
    assert not differ(nearer, viewer.settled_picture())
