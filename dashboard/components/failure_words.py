"""Words, icons and small parts for groups of failures that their pages share."""

from __future__ import annotations

from typing import Final

from core.failures.catalogue import Cost, Role
from core.failures.states import GroupState, Trouble
from core.failures.views import GroupView
from core.lifecycle import TaskKind
from dashboard.components.moments import ago_html
from dashboard.components.plain_text import as_markdown, one_line
from dashboard.components.state_badge import Look

TROUBLES: Final = {
    Trouble.FAILED: Look("Failed", ":material/error:", "red"),
    Trouble.NEEDS_PERSON: Look("Needs a person", ":material/person_alert:", "orange"),
    Trouble.INTERRUPTED: Look("Interrupted", ":material/power_off:", "violet"),
    Trouble.WAITS: Look("Waits", ":material/hourglass_empty:", "gray"),
}
STATES: Final = {
    GroupState.OPEN: Look("Open", ":material/mark_email_unread:", "red"),
    GroupState.IGNORED: Look("Ignored", ":material/notifications_off:", "gray"),
    GroupState.RESOLVED: Look("Resolved", ":material/check_circle:", "green"),
}
NEW: Final = Look("New to us", ":material/fiber_new:", "blue")
CAME_BACK: Final = Look("Came back", ":material/replay:", "orange")
STEPS: Final = {
    TaskKind.GENERATE: "Generate",
    TaskKind.RIG_CHECK: "Rig check",
    TaskKind.RIG: "Rig",
    TaskKind.ANIMATE: "Animate",
}
WHO: Final = {
    Role.ARTIST: "Any artist can do it.",
    Role.LEAD: "A lead decides it.",
    Role.OPERATOR: "Whoever runs Hatchery does it.",
}
COST: Final = {
    Cost.NOTHING: "What failed has cost nothing.",
    Cost.PAID: "What failed was paid: Tripo keeps the credits.",
    Cost.UNKNOWN: "What became of it, and whether it is billed, is not known.",
}
_HEIGHT, _BAR = 24, 4  # pixels


def step_word(step: str) -> str:
    """Name the step of a group."""
    return STEPS[TaskKind(step)] if step in set(TaskKind) else "Any step"


def counted_tasks(count: int) -> str:
    """Count tasks: `1 task`, `1,200 tasks`."""
    return "1 task" if count == 1 else f"{count:,} tasks"


def facts_html(group: GroupView) -> str:
    """Say on one line how many there are, since when, and where."""
    told = [f"{counted_tasks(group.left)} to deal with"]
    if group.count != group.left:
        told.append(f"{group.count:,} in all")
    told.append(f"last {ago_html(group.last_at)}")
    if group.first_at != group.last_at:
        told.append(f"first {ago_html(group.first_at)}")
    told.append(_projects(group))
    if group.assigned_to:
        told.append(f"{as_markdown(one_line(group.assigned_to, 40))} takes care of it")
    return " · ".join(told)


def _projects(group: GroupView) -> str:
    names = [as_markdown(one_line(project.name, 40)) for project in group.projects[:3]]
    more = len(group.projects) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def trend_html(trend: tuple[int, ...]) -> str:
    """Draw how many came in each hour of the last day; for readers who do not see it, as a sentence.

    Of boxes, since `st.html` shows no SVG: it cleans what it is given by DOMPurify's profile for HTML.
    """
    most = max((*trend, 1))
    bars = "".join(
        f'<span style="width: {_BAR}px; height: {_high(count, most):.1f}px; background: currentColor;'
        f' opacity: {0.75 if count else 0.2}"></span>'
        for count in trend
    )
    said = f"{sum(trend):,} in the last 24 hours, {trend[-1]:,} of them in the last hour"
    return (
        f'<span role="img" aria-label="{said}" title="{said}" style="display: inline-flex; align-items: flex-end;'
        f' gap: 1px; height: {_HEIGHT}px">{bars}</span>'
    )


def _high(count: int, most: int) -> float:
    return max(_HEIGHT * count / most, 1.5)
