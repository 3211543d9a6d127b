"""`python -m core tripo balance | task ID | smoke`: ask the configured provider, with the configured key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import KeyMissingError, SettingsError
from core.logs import redact
from core.prices import credits_in_words
from core.settings import Settings, load_settings

if TYPE_CHECKING:
    from core.tripo import ProviderTask, TripoClient
    from core.tripo.witness import Witness

app = typer.Typer(help="Ask the configured provider.", no_args_is_help=True)


@app.command()
def balance() -> None:
    """Say how many credits the account has. Costs nothing."""
    with _client(load_settings()) as client:
        wallet = client.balance()
    _say(f"{credits_in_words(wallet.balance)} to spend, {credits_in_words(wallet.frozen)} set aside.")


@app.command()
def task(
    task_id: Annotated[str, typer.Argument(metavar="ID", help="The provider's id of the task.")],
) -> None:
    """Say what the provider knows of a task. Costs nothing."""
    with _client(load_settings()) as client:
        found = client.read(task_id)
        for sentence in _sentences(client, found):
            _say(sentence)


@app.command()
def smoke(
    spend: Annotated[
        int | None, typer.Option(min=1, metavar="CREDITS", help="The most that may be spent.")
    ] = None,
) -> None:
    """Run one small chain (text, rig check, rig, one animation) and say where the provider surprises us."""
    from core.smoke import SmokeRun
    from core.tripo.witness import Witness

    settings = load_settings()
    if spend is None:
        raise SettingsError(
            "This spends real credits, so it does not run without a limit.",
            suggestion="Say how many: python -m core tripo smoke --spend 60",
        )
    witness = Witness(settings.provider_base)
    try:
        with _client(settings, witness) as client:
            SmokeRun(client, witness, Decimal(spend), _say).run()
    finally:
        witness.close()


@contextmanager
def _client(settings: Settings, witness: Witness | None = None) -> Iterator[TripoClient]:
    from core.tripo import TripoClient

    key = settings.tripo_api_key.get_secret_value()
    if not key:
        raise KeyMissingError(
            "No Tripo key is set, so there is no provider to ask.",
            suggestion="Put your Tripo key into TRIPO_API_KEY (in .env).",
        )
    client = TripoClient(
        key,
        version=settings.tripo_api_version,
        base_url=settings.provider_base,
        file_hosts=settings.file_hosts,
        http=witness.http if witness else None,
    )
    with client:
        yield client


def _sentences(client: TripoClient, found: ProviderTask) -> Iterator[str]:
    """Describe a task without its links: whoever holds one may fetch the file."""
    from core.tripo import ProviderStatus, explain_failure
    from core.tripo.envelope import plain_words

    yield f"Task {found.task_id}, {plain_words(found.type or 'of no type', 60)}: {plain_words(found.raw_status, 40)}."
    if found.status is ProviderStatus.UNLISTED:
        yield "No documentation has this status; it is not taken for an end."
    if not found.status.is_final:
        left = "" if found.seconds_left is None else f", about {found.seconds_left:.0f} s left"
        yield f"Progress: {found.progress} %{left}."
    if found.riggable is not None:
        yield f"Riggable: {'yes' if found.riggable else 'no'}, as {found.rig_type or 'no type'}."
    if found.model_url is not None:
        yield f"It has a model{' and a picture' if found.image_url else ''}."
    elif found.status.is_final and found.riggable is None:
        why = explain_failure(client.version, found.status, found.error_code, found.error_message)
        yield f"{why.message} {why.suggestion}"
    if found.credits is not None:
        yield f"It cost {credits_in_words(found.credits)}."
    if found.trace_id:
        yield f"Trace id of this answer: {found.trace_id}."


def _say(sentence: str) -> None:
    typer.echo(redact(sentence))
