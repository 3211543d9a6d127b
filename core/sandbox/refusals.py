"""Every refusal the provider documents, by what it means; each version has its own codes for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Row(NamedTuple):
    """One line of an error table."""

    http: int
    code: int
    message: str
    suggestion: str


# Tripo docs, "Errors and error handling" (v2, 2026-06-03), misprints included.
V2_ERRORS: dict[str, Row] = {
    "server_error": Row(500, 1000, "Unknown error on sever side", "Retry, or ask support with the trace id."),
    "server_fatal": Row(500, 1001, "Fatal error on server side", "Ask support with the trace id."),
    "key_missing": Row(401, 1002, "Authentication failed", "Check your API key."),
    "key_refused": Row(401, 1002, "Authentication failed", "Check your API key."),
    "malformed": Row(400, 1003, "The request body is malformed", "Check the request body."),
    "parameter": Row(400, 1004, "One or more of your parameter is invalid", "Check the parameters."),
    "field_unsupported": Row(400, 1004, "One or more of your parameter is invalid", "Check the parameters."),
    "forbidden": Row(403, 1005, "You are not allowed to access this resource", "Check your rights."),
    "too_many_requests": Row(
        429,
        1007,
        "Rate limit exceeded, you've generated too many requests in a short amount of time",
        "Slow down.",
    ),
    "no_slot": Row(
        429,
        2000,
        "You have exceeded the limit of generation",
        "Try again later. Wait for the seconds of the Retry-After header.",
    ),
    "task_not_found": Row(
        404, 2001, "The task is not found", "Check the task id and the key it was made with."
    ),
    "type_unsupported": Row(400, 2002, "This task type is not supported", "Check the task type."),
    "file_empty": Row(400, 2003, "The image file is empty", "Check the file."),
    "file_type": Row(400, 2004, "This image file type is not supported", "Use webp, jpeg or png."),
    "source_type": Row(400, 2006, "The original task type is not supported", "Use another task."),
    "source_unfinished": Row(
        400, 2007, "The original task is not a succeeded task", "Wait for the task to succeed."
    ),
    "content": Row(
        400, 2008, "The input is rejected due to violation of content policy", "Change the input."
    ),
    "characters": Row(400, 2009, "The input prompt contains invalid characters", "Remove them."),
    "credit": Row(403, 2010, "You don't have enough credit to create this task", "Buy credits."),
    "source_without_model": Row(
        400, 2011, "The input task type cannot be prerigcheck without model", "Use a task that has a model."
    ),
    "source_not_a_rig": Row(400, 2012, "The input task type is not valid", "Provide a rig task."),
    "priority": Row(403, 2013, "The priority is invalid", "Leave the priority out."),
    "audit": Row(400, 2014, "Error occurred when auditing", "Retry."),
    "version_retired": Row(
        400, 2015, "The version has been deprecated, please try higher version", "Use a newer version."
    ),
    "type_retired": Row(400, 2016, "The request type has been deprecated", "Use another task type."),
    "version_unknown": Row(400, 2017, "The version value is valid", "Check the version."),
    "too_complex": Row(400, 2018, "The model is too complex to remesh", "Use a simpler model."),
    "file_not_found": Row(404, 2019, "The file is not found", "Upload the file again."),
    "file_too_big": Row(400, 2021, "The file is too big", "Use a smaller file."),
    "no_route": Row(404, 9404, "Not found", "Check the path and the method."),
    "shut_down": Row(410, 9410, "This API version has been shut down", "Use https://openapi.tripo3d.ai/v3."),
}

# Tripo v3 docs: the same numbers mean other things. How v3 names a fault of its own is not documented;
# 1000 and 1001 are taken there, so a router's 9500 stands for it.
V3_ERRORS: dict[str, Row] = V2_ERRORS | {
    "server_error": Row(500, 9500, "Internal server error", "Retry, or ask support with the request id."),
    "server_fatal": Row(500, 9500, "Internal server error", "Retry, or ask support with the request id."),
    "key_missing": Row(401, 1001, "Unauthorized", "Send the Authorization header."),
    "key_refused": Row(401, 1000, "Invalid API key", "Check your API key."),
    "field_unsupported": Row(400, 2002, "Unsupported request parameter", "Leave the parameter out."),
    "version_unknown": Row(400, 1004, "One or more of your parameter is invalid", "Check the model."),
}


@dataclass
class Refused(Exception):  # noqa: N818 - the provider's word for it, not a fault of this program
    """The provider says no: a kind of the error tables, a detail for people, headers beside it.

    `http` stands in place of the table's own status.
    """

    kind: str
    detail: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    http: int | None = None


def default_message(error_code: int | None) -> str:
    """The documented words for the error code of a task."""
    return next((row.message for row in V2_ERRORS.values() if row.code == error_code), "Task failed")
