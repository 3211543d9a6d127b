"""The error codes of API v3 (developers.tripo3d.ai, 2026-09); those not listed there mean the same as in v2.

Numbers 2, 1000, 1001, 2002 and 2018 mean something else than there.
"""

from __future__ import annotations

from core.errors import (
    BusyError,
    KeyRefusedError,
    NothingHappenedError,
    RejectedError,
    WalletEmptyError,
)
from core.tripo.codes import CodeRow, CodeTable

_CHECK_KEY = "Check TRIPO_API_KEY; a key of Tripo's Chinese site needs TRIPO_API_BASE set to that site."

CODES_V3 = CodeTable(
    rows={
        2: CodeRow(
            (401,),
            "provider_key_refused",
            "Tripo could not recognise this key.",
            _CHECK_KEY,
            KeyRefusedError,
            stops=True,
        ),
        1000: CodeRow(
            (401,),
            "provider_key_refused",
            "Tripo does not accept this key.",
            _CHECK_KEY,
            KeyRefusedError,
            stops=True,
        ),
        1001: CodeRow(
            (401,),
            "provider_key_refused",
            "No key reached Tripo.",
            _CHECK_KEY,
            KeyRefusedError,
            stops=True,
        ),
        1002: CodeRow(
            (401,),
            "provider_key_refused",
            "Tripo does not accept this key.",
            _CHECK_KEY,
            KeyRefusedError,
            stops=True,
        ),
        1003: CodeRow(
            (400,),
            "request_malformed",
            "Tripo could not read the request.",
            "This is an error of Hatchery: report it with the trace id.",
            RejectedError,
        ),
        1004: CodeRow(
            (400,),
            "parameter_invalid",
            "Tripo refuses one of the options.",
            "Check the options, above all faceLimit and the model, and order it again.",
            RejectedError,
        ),
        1005: CodeRow(
            (403,),
            "provider_key_refused",
            "This key has no right to do that.",
            "Ask Tripo which rights the account has, or use another key.",
            KeyRefusedError,
            stops=True,
        ),
        1007: CodeRow(
            (429,),
            "provider_busy",
            "Too many requests reached Tripo in a short time.",
            "It is sent again by itself after a wait.",
            BusyError,
            repeatable=True,
            reason="rate",
        ),
        2000: CodeRow(
            (429, 400),
            "provider_busy",
            "All of the account's places at Tripo are taken.",
            "It is sent by itself when one frees up.",
            BusyError,
            repeatable=True,
            reason="slots",
        ),
        2001: CodeRow(
            (404, 400),
            "source_missing",
            "Tripo does not know the task that this step builds on.",
            "Make the earlier step again; a task is visible only to the key that made it.",
            RejectedError,
        ),
        2002: CodeRow(
            (400,),
            "parameter_unsupported",
            "Tripo does not know one of the options.",
            "Leave out the options that this model does not have, and order it again.",
            RejectedError,
        ),
        2003: CodeRow(
            (400,),
            "image_empty",
            "The image arrived empty.",
            "Upload it again; a firewall may have emptied it on the way.",
            RejectedError,
        ),
        2004: CodeRow(
            (400,),
            "image_unsupported",
            "Tripo does not take this kind of image.",
            "Use a JPEG, PNG or WebP file.",
            RejectedError,
        ),
        2005: CodeRow(
            (400,),
            "source_not_ready",
            "The draft that this step builds on has not succeeded.",
            "Wait for the earlier step, or make it again.",
            RejectedError,
        ),
        2006: CodeRow(
            (400,),
            "source_unsupported",
            "The task that this step builds on is of the wrong kind.",
            "Start again from a generated model.",
            RejectedError,
        ),
        2007: CodeRow(
            (400,),
            "source_not_ready",
            "The task that this step builds on has not succeeded.",
            "Wait for the earlier step, or make it again.",
            RejectedError,
        ),
        2008: CodeRow(
            (400,),
            "prompt_refused",
            "Tripo's content policy refuses this prompt.",
            "Change the prompt and order it again.",
            RejectedError,
        ),
        2009: CodeRow(
            (400,),
            "prompt_invalid_characters",
            "The prompt has characters that Tripo does not take.",
            "Remove emoji and unusual characters.",
            RejectedError,
        ),
        2010: CodeRow(
            (403,),
            "provider_wallet_empty",
            "The Tripo account has too few credits for this task.",
            "Top up the account; the orders go on by themselves.",
            WalletEmptyError,
            repeatable=True,
            stops=True,
        ),
        2011: CodeRow(
            (400,),
            "source_without_model",
            "The task to be checked for a rig has no model.",
            "Generate the model again.",
            RejectedError,
        ),
        2012: CodeRow(
            (400,),
            "source_not_rigged",
            "An animation needs a rigged model, and its source is not a rig task.",
            "Rig the model first.",
            RejectedError,
        ),
        2013: CodeRow(
            (403,),
            "priority_invalid",
            "This account may not set that priority.",
            "Order it without one.",
            RejectedError,
        ),
        2014: CodeRow(
            (400, 500),
            "provider_audit_unavailable",
            "Tripo's content check is out of order; nothing was created.",
            "It is sent again by itself.",
            NothingHappenedError,
            repeatable=True,
            retry_after_seconds=30.0,
        ),
        2015: CodeRow(
            (400,),
            "version_retired",
            "Tripo has retired this model version.",
            "Choose a newer model in the options.",
            RejectedError,
        ),
        2016: CodeRow(
            (400,),
            "task_type_retired",
            "Tripo has retired this kind of task.",
            "Update Hatchery.",
            RejectedError,
        ),
        2017: CodeRow(
            (400,),
            "version_unknown",
            "Tripo does not know this model version.",
            "Choose another model in the options.",
            RejectedError,
        ),
        2018: CodeRow(
            (400,),
            "model_too_complex",
            "The model is too complex, or the task waited too long in Tripo's queue.",
            "Try again; if it fails again, order it with a lower faceLimit.",
            RejectedError,
            repeatable=True,
        ),
        2019: CodeRow(
            (404,),
            "file_missing",
            "Tripo no longer has the uploaded file.",
            "Upload it again.",
            RejectedError,
        ),
        2021: CodeRow(
            (400,), "too_large", "What was sent is too large.", "Send a smaller file.", RejectedError
        ),
        2022: CodeRow(
            (400,), "too_large", "What was sent is too large.", "Send a smaller file.", RejectedError
        ),
    },
    route_missing=CodeRow(
        (404, 410),
        "provider_route_missing",
        "Tripo's API is not at this address.",
        "Check TRIPO_API_BASE and TRIPO_API_VERSION, then restart.",
        NothingHappenedError,
        stops=True,
    ),
)
