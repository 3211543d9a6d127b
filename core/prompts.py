"""What a prompt may be: checked before anything is paid, by the same code for page, API and plans."""

from __future__ import annotations

import unicodedata

from core.errors import OrderError
from core.tripo import text_fault


def checked_prompt(text: str, field: str = "prompt") -> str:
    """Return the prompt without surrounding white space; raises OrderError that says what to change."""
    prompt = unicodedata.normalize("NFC", text).strip()
    fault = text_fault(prompt)
    if fault is not None:
        raise OrderError(
            fault,
            suggestion="Describe the model in plain words, without emoji, in at most 1024 characters.",
            code="prompt_invalid",
            field=field,
        )
    return prompt
