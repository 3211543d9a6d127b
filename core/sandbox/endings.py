"""How a task will go, decided when it is made: by what was asked, then by the faults that are on."""

from __future__ import annotations

from core.sandbox import forge
from core.sandbox.faults import ENDINGS, Faults
from core.sandbox.fields import BANNED_WORD
from core.sandbox.orders import Checked, Order
from core.sandbox.tasks import Ending

_FATAL = 1001
_PARAMETER = 1004
_FORMATS_MADE = ("GLTF", "FBX")


def ending_of(order: Order, checked: Checked, faults: Faults) -> Ending:
    """The ending of a task that is about to be made."""
    for status in ENDINGS:
        fault = faults.strike(f"end_{status}", {order.type})
        if fault is not None:
            code = fault.error_code or (_FATAL if status == "failed" else None)
            return Ending(status, code, fault.message)
    own_fault = _own_fault(order, checked)
    if own_fault is not None:
        return own_fault
    return Ending(
        output=_output(order, faults),
        word=_word(order, faults),
        riggable=False if faults.strike("not_riggable", {order.type}) else None,
    )


def _own_fault(order: Order, checked: Checked) -> Ending | None:
    """What passes at create and ends badly: a bad face limit, a prop's rig, a prompt found out later."""
    fields = order.fields
    if BANNED_WORD in str(fields.get("prompt", "")).lower().split():
        return Ending("banned")
    if fields.get("face_limit") == -1:
        return Ending("failed", _PARAMETER)
    if order.type == "animate_rig" and not forge.describe(checked.subject).riggable:
        return Ending("failed", _PARAMETER, "This model cannot be rigged")
    if order.type == "convert_model" and fields["format"] not in _FORMATS_MADE:
        return Ending("failed", _PARAMETER, "The sandbox converts to GLTF and FBX only")
    return None


def _output(order: Order, faults: Faults) -> str:
    if faults.strike("success_without_output", {order.type}):
        return "empty"
    return "null" if faults.strike("null_output", {order.type}) else "full"


def _word(order: Order, faults: Faults) -> str | None:
    if faults.strike("status_unknown", {order.type}):
        return "unknown"
    fault = faults.strike("status_unlisted", {order.type})
    return fault.word if fault else None
