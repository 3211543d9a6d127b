"""The words that the lab shows and the tests expect."""

STATES = [
    "ready",
    "queued",
    "generating",
    "generated",
    "rigging",
    "rigged",
    "animating",
    "complete",
    "failed",
    "unknown",
]

TITLES = {
    1: '<b>bold</b> <img src=x onerror=alert(1)> **stars** & "quotes"',
    2: "An exceedingly long name of a knight " * 12,
    3: "فارس صغير يمشي",
    5: "低多边形骑士 🛡️",
    6: "x" * 500,
}

KEPT: list[str] = []  # what is known of the last picture of a view that came in
