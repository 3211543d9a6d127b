"""Every error the product raises on purpose; a class answers one question: what should the caller do now?

HatcheryError
  SettingsError               the configuration is wrong: say the sentence, exit
  OrderError                  the asked-for thing cannot be done: show it beside the field
    NotFoundError             no such project, asset, task or artifact
    ConflictError             already asked for, or not possible in this state
    BudgetError               its project's budget does not cover it
  IllegalMoveError            a bug: log it with its traceback
  VaultError                  our own store refused: wait and try again
  FileDamagedError            what arrived is not the file: fetch it again through a fresh link
  TripoError                  what the provider, or the way to it, answered
    NothingHappenedError      proof that nothing was created: the order goes back and waits
      BusyError               429: no free slot, or too many requests; may carry retry_after_seconds
      UnreachableError        the connection was never made
      KeyRefusedError         wrong key, wrong region, missing right: this key's queue stops
      WalletEmptyError        too few credits: this key's queue stops until there are more
    OutcomeUnknownError       a create left and no clear answer came: never repeat it by itself
    RejectedError             understood and refused: the task fails with the provider's reason
    ReadFailedError           a read went wrong: the next tick repeats it
    TaskGoneError             the provider no longer knows this task
    LinkDeadError             a file's link is over: ask the task for a fresh one
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class HatcheryError(Exception):
    """The base of all: one plain sentence, and what to do about it.

    `code` is a stable word for programs, `message` a sentence for people, `suggestion` their next step.
    """

    code = "internal_error"
    default_suggestion = ""

    def __init__(self, message: str, *, suggestion: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = self.default_suggestion if suggestion is None else suggestion
        if code is not None:
            self.code = code


class SettingsError(HatcheryError):
    """The configuration cannot work; the message names the setting."""

    code = "settings_invalid"


class OrderError(HatcheryError):
    """What was asked for cannot be done; `field` names the part of the request that is at fault."""

    code = "invalid_request"

    def __init__(
        self,
        message: str,
        *,
        suggestion: str | None = None,
        code: str | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message, suggestion=suggestion, code=code)
        self.field = field


class NotFoundError(OrderError):
    """No such project, asset, task or artifact."""

    code = "not_found"


class ConflictError(OrderError):
    """It exists already, is under way already, or is not possible in its present state."""

    code = "conflict"


class BudgetError(OrderError):
    """What is left of its project's budget does not cover it; nothing was written."""

    code = "budget_exceeded"


class PlanRefusedError(HatcheryError):
    """A file that cannot be read as a plan at all, or that must not be: too large, damaged, hostile.

    `line` is where reading stopped, if that is known, counted from 1.
    """

    code = "plan_refused"
    default_suggestion = "Start from a template and paste your assets into it."

    def __init__(
        self, message: str, *, suggestion: str | None = None, code: str | None = None, line: int | None = None
    ) -> None:
        super().__init__(message, suggestion=suggestion, code=code)
        self.line = line


class KeyMissingError(HatcheryError):
    """No provider key is set, and this was not started together with the sandbox."""

    code = "provider_key_missing"
    default_suggestion = "Put your Tripo key into TRIPO_API_KEY (in .env), then restart."


class IllegalMoveError(HatcheryError):
    """A status change that the table of moves does not have: a bug of ours."""

    code = "illegal_move"


class VaultError(HatcheryError):
    """Our own store cannot take or give a file (disk full, bucket refuses)."""

    code = "vault_unavailable"
    default_suggestion = (
        "Check the free space and the rights of ARTIFACTS_URL; the download goes on by itself."
    )


class FileDamagedError(HatcheryError):
    """The bytes that arrived are not the file that was promised."""

    code = "file_damaged"
    default_suggestion = "It is fetched again through a fresh link by itself."


class TripoError(HatcheryError):
    """What the provider, or the way to it, answered.

    `provider_code` is the number in the provider's body (its meaning depends on the API version),
    `http_status` the HTTP status, `trace_id` what Tripo's support asks for. `stops_queue` says that no other
    order of this key would fare better until a person acts. `said` is what was sent and what came back, if known.
    """

    code = "provider_error"
    stops_queue = False
    said: Mapping[str, Any] | None = None

    def __init__(
        self,
        message: str,
        *,
        suggestion: str | None = None,
        code: str | None = None,
        provider_code: int | None = None,
        http_status: int | None = None,
        trace_id: str | None = None,
        retry_after_seconds: float | None = None,
        reason: str | None = None,
        stops_queue: bool | None = None,
    ) -> None:
        super().__init__(message, suggestion=suggestion, code=code)
        self.reason = reason
        if stops_queue is not None:
            self.stops_queue = stops_queue
        self.provider_code = provider_code
        self.http_status = http_status
        self.trace_id = trace_id
        self.retry_after_seconds = retry_after_seconds


class NothingHappenedError(TripoError):
    """Proof that nothing was created and nothing is billed: the order goes back and waits."""

    code = "provider_refused_for_now"


class BusyError(NothingHappenedError):
    """HTTP 429: all slots are taken (`reason` "slots"), or requests came too fast ("rate")."""

    code = "provider_busy"


class UnreachableError(NothingHappenedError):
    """The connection was never made (name, route, TLS, refused)."""

    code = "provider_unreachable"


class KeyRefusedError(NothingHappenedError):
    """The provider does not take this key: mistyped, another region's, or without the right."""

    code = "provider_key_refused"
    stops_queue = True


class WalletEmptyError(NothingHappenedError):
    """Too few credits for this task."""

    code = "provider_wallet_empty"
    stops_queue = True


class OutcomeUnknownError(TripoError):
    """A create was sent and no clear answer came: it may exist, run and bill."""

    code = "outcome_unknown"


class RejectedError(TripoError):
    """Understood and refused: prompt or parameters; the same order would be refused again."""

    code = "provider_rejected"


class ReadFailedError(TripoError):
    """A read went wrong (timeout, 5xx, not JSON, unexpected shape): nothing is known, nothing is lost."""

    code = "provider_read_failed"


class TaskGoneError(TripoError):
    """The provider answers that it does not know this task (404/2001)."""

    code = "provider_task_gone"


class LinkDeadError(TripoError):
    """A file's signed link is over (401, 403, 404 from the file host)."""

    code = "link_dead"
