"""What waits to be sent to a browser, while a page is drawn and its live parts are drawn anew."""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

import dashboard.server  # noqa: F401 - installs the queue


def drawn(place: int, *, run: str, part: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend([0, place])
    message.metadata.run.script_run_id = run
    message.delta.new_element.text.body = f"{place} of {run}"
    message.delta.fragment_id = part
    return message


def finished(run: str) -> ForwardMsg:
    message = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
    message.metadata.run.script_run_id = run
    return message


def page_with_a_live_part(queue: ForwardMsgQueue) -> list[ForwardMsg]:
    page = [drawn(0, run="page"), drawn(1, run="page", part="live"), drawn(2, run="page"), finished("page")]
    for message in page:
        queue.enqueue(message)
    return page


def test_a_live_part_drawn_anew_takes_nothing_from_the_page_before_it() -> None:
    queue = app_session.ForwardMsgQueue()
    page = page_with_a_live_part(queue)

    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["live"])
    anew = drawn(1, run="live part", part="live")
    queue.enqueue(anew)

    assert queue.flush() == [*page, anew]
    assert queue.is_empty()


def test_a_page_drawn_anew_takes_the_place_of_the_one_before_it() -> None:
    queue = app_session.ForwardMsgQueue()
    page_with_a_live_part(queue)

    queue.clear(retain_lifecycle_msgs=True)
    queue.enqueue(drawn(0, run="page anew"))

    ended_early, first = queue.flush()
    assert ended_early.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
    assert first.delta.new_element.text.body == "0 of page anew"


def test_streamlit_still_forgets_the_place_of_a_live_part() -> None:
    """Once this fails, `WholeQueue` is no longer needed."""
    queue = ForwardMsgQueue()
    page_with_a_live_part(queue)

    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["live"])

    assert [message.delta.new_element.text.body for message in queue.flush()] == [
        "0 of page",
        "2 of page",
        "",
    ]
