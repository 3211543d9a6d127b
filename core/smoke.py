"""One small chain at the configured provider, for real money and within a limit: does it do what we believe?

Nothing is sent twice, nothing is kept: files are fetched, verified and thrown away.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from core.chain import rig_model_for
from core.errors import (
    FileDamagedError,
    HatcheryError,
    LinkDeadError,
    NothingHappenedError,
    OutcomeUnknownError,
    ReadFailedError,
)
from core.prices import credits_in_words, credits_of, credits_of_chain
from core.tripo import (
    Generate,
    ProviderStatus,
    ProviderTask,
    Request,
    Retarget,
    Rig,
    RigCheck,
    TripoClient,
    explain_failure,
    presets_for,
)
from core.tripo.beliefs import differences, headers_told
from core.tripo.envelope import plain_words
from core.tripo.witness import Witness, expiry_of
from core.vault import check_model, check_picture

PROMPT: Final = "a low poly knight in T-pose"
PRESET: Final = "preset:idle"
FIRST_PAUSE_SECONDS: Final = 1.0
PAUSE_SECONDS: Final = 2.0  # developers.tripo3d.ai advises it
LONGEST_WAIT_SECONDS: Final = 15 * 60.0
MOST_FAILED_READS: Final = 10  # in a row
LINK_LIFE_SECONDS: Final = 300.0  # Tripo docs, task query page
LINK_LIFE_SLACK_SECONDS: Final = 30.0

Say = Callable[[str], object]


class SmokeError(HatcheryError):
    """The chain could not be carried to its end."""

    code = "smoke_failed"


class SmokeRun:
    """One chain; `say` takes each sentence for the person, `spend` is the most credits that may go."""

    def __init__(
        self,
        client: TripoClient,
        witness: Witness,
        spend: Decimal,
        say: Say,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._client = client
        self._witness = witness
        self._spend = spend
        self._say = say
        self._sleep = sleep
        self._spent = Decimal(0)
        self._made: list[str] = []  # the provider's ids
        self._odd: list[str] = []
        self._link_lives: list[float] = []

    def run(self) -> None:
        """Check the price, carry the chain, say what was seen; raises HatcheryError where it ends too early."""
        before = self._check_price()
        try:
            with TemporaryDirectory(prefix="hatchery-smoke-") as folder:
                self._carry(Path(folder))
            self._compare_account(before)
        finally:
            self._report()

    # --- before anything is paid ---

    def _check_price(self) -> Decimal:
        price = credits_of_chain({"prompt": PROMPT}, should_rig=True, animations=[PRESET])
        if self._spend < price:
            raise SmokeError(
                f"The chain costs {credits_in_words(price)}, and only {credits_in_words(self._spend)} may be spent.",
                suggestion=f"Run it with --spend {price:f} or more. Nothing was ordered.",
            )
        balance = self._client.balance().balance
        if balance < price:
            raise SmokeError(
                f"The chain costs {credits_in_words(price)}, and the account has only {credits_in_words(balance)}.",
                suggestion="Top up the account. Nothing was ordered.",
            )
        self._say(
            f"The chain should cost {credits_in_words(price)}; the account has {credits_in_words(balance)}."
        )
        return balance

    # --- the chain ---

    def _carry(self, folder: Path) -> None:
        model = self._step("model", Generate(prompt=PROMPT), folder)
        check = self._step("rig check", RigCheck(source=model.task_id), None)
        if not check.riggable:
            raise SmokeError(
                "The rig check does not call this model riggable, so nothing more is ordered.",
                suggestion="Run it again another time; each model is a new one.",
            )
        rig_type = check.rig_type or "biped"
        rig_model = rig_model_for(rig_type)
        playable = presets_for(rig_type, rig_model)
        if not playable:
            raise SmokeError(
                f"The rig check calls this knight {rig_type}, which no preset can animate; no more is ordered.",
                suggestion="Run it again another time; each model is a new one.",
            )
        rig = self._step("rig", Rig(source=model.task_id, rig_type=rig_type, model=rig_model), folder)
        preset = PRESET if PRESET in playable else playable[0]
        self._step(preset, Retarget(source=rig.task_id, preset=preset), folder)

    def _step(self, name: str, request: Request, folder: Path | None) -> ProviderTask:
        price = credits_of(request)
        if self._spent + price > self._spend:
            raise SmokeError(
                f"The next step, {name}, would go over the {credits_in_words(self._spend)} that may be spent.",
                suggestion="The provider charged more than we believe; see below.",
            )
        self._say(f"Ordering: {name}, {credits_in_words(price)}.")
        task_id = self._create_once(request)
        self._made.append(task_id)
        began = time.monotonic()
        task = self._wait(name, task_id)
        self._count_cost(name, task, price)
        if task.status is not ProviderStatus.SUCCESS or (folder is not None and task.model_url is None):
            raise self._ended_badly(name, task)
        arrived = self._fetch(name, task, folder) if folder is not None else f"riggable: {task.riggable}"
        self._say(f"  done after {time.monotonic() - began:.0f} s, {arrived}.")
        return task

    def _create_once(self, request: Request) -> str:
        try:
            return self._client.create(request).task_id
        except OutcomeUnknownError as error:
            raise SmokeError(
                error.message,
                suggestion="It is not sent again. Look into Tripo's task history before you run this anew.",
            ) from error

    def _wait(self, name: str, task_id: str) -> ProviderTask:
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        pause, failed = FIRST_PAUSE_SECONDS, 0
        while time.monotonic() < deadline and failed < MOST_FAILED_READS:
            self._sleep(pause)
            try:
                task = self._client.read(task_id)
            except (ReadFailedError, NothingHappenedError) as error:
                failed += 1
                pause = error.retry_after_seconds or PAUSE_SECONDS
                continue
            pause, failed = PAUSE_SECONDS, 0
            if task.status.is_final:
                return task
        raise SmokeError(
            f"The step {name} gave no end in time; it may still go on, and be billed.",
            suggestion=f"Ask for it with: python -m core tripo task {task_id}",
        )

    def _ended_badly(self, name: str, task: ProviderTask) -> SmokeError:
        why = explain_failure(self._client.version, task.status, task.error_code, task.error_message)
        return SmokeError(
            f"The step {name} ended as {plain_words(task.raw_status, 40)}: {why.message}",
            suggestion=f"{why.suggestion} Its trace id is {task.trace_id}.",
        )

    # --- its files ---

    def _fetch(self, name: str, task: ProviderTask, folder: Path) -> str:
        facts, size = self._fetch_model(name, task, folder / "model")
        picture = "no picture"
        if task.image_url is not None:
            self._client_download(task.image_url, folder / "picture")
            _, seen = check_picture(folder / "picture")
            picture = f"a picture of {seen['width']} x {seen['height']}"
        triangles = facts.get("triangles", "unknown")
        return (
            f"{size:,} bytes verified (triangles: {triangles}, joints: {facts.get('joints', 0)}, "
            f"clips: {len(facts.get('clips', ()))}), {picture}"
        )

    def _fetch_model(self, name: str, task: ProviderTask, path: Path) -> tuple[dict[str, Any], int]:
        """Fetch as the product does: once more through a fresh link when the first brings no whole file."""
        url = task.model_url or ""
        self._note_life(url)
        try:
            return self._checked(url, path)
        except (LinkDeadError, FileDamagedError) as error:
            self._odd.append(f"The model of the step {name} needed a fresh link: {error.message}")
        return self._checked(self._client.read(task.task_id).model_url or "", path)

    def _checked(self, url: str, path: Path) -> tuple[dict[str, Any], int]:
        self._client_download(url, path)
        _, facts = check_model(url)(path)
        return facts, path.stat().st_size

    def _client_download(self, url: str, path: Path) -> None:
        with path.open("wb") as file:
            self._client.download(url, file.write)

    def _note_life(self, url: str) -> None:
        expires_at = expiry_of(url)
        if expires_at is None:
            self._odd.append("A link's life cannot be read from its signature.")
            return
        life_seconds = expires_at - time.time()
        self._link_lives.append(life_seconds)
        if life_seconds < LINK_LIFE_SECONDS - LINK_LIFE_SLACK_SECONDS:
            self._odd.append(f"A link lives for {life_seconds:.0f} s only, not for five minutes.")

    # --- what it cost ---

    def _count_cost(self, name: str, task: ProviderTask, price: Decimal) -> None:
        is_paid = task.status is ProviderStatus.SUCCESS
        expected = price if is_paid else Decimal(0)
        charged = expected if task.credits is None else task.credits
        self._spent += charged
        if charged != expected:
            self._odd.append(
                f"The step {name} cost {credits_in_words(charged)}; our table says {credits_in_words(expected)}."
            )

    def _compare_account(self, before: Decimal) -> None:
        """The wallet, the history and the batch read, now that all has ended."""
        gone = before - self._client.balance().balance
        if gone != self._spent:
            self._odd.append(
                f"The wallet lost {credits_in_words(gone)}, the steps say {credits_in_words(self._spent)} "
                "(others may use the same account)."
            )
        together = self._client.read_many(self._made)
        if set(together.tasks) != set(self._made):
            self._odd.append("Reading many tasks at once does not bring all of them.")
        if self._client.has_usage:
            listed = {row.task_id for row in self._client.usage()}
            if not listed >= set(self._made):
                self._odd.append("The account's history does not list all of these tasks.")

    def _report(self) -> None:
        self._say(
            f"Spent: {credits_in_words(self._spent)} of the {credits_in_words(self._spend)} that were allowed."
        )
        if self._made:
            self._say(f"Ordered at the provider: {', '.join(self._made)}.")
        odd = [*self._odd, *differences(self._client.version, self._witness.seen)]
        if odd:
            self._say("The provider differs from what we believe:")
            for sentence in odd:
                self._say(f"- {sentence}")
        else:
            self._say(f"In {len(self._witness.seen)} answers the provider is as we believe.")
        for name, values in headers_told(self._witness.seen).items():
            shown = values if len(values) < 4 else [values[0], "...", values[-1]]
            self._say(f"Seen: {name}: {plain_words(', '.join(shown), 120)}")
        if self._link_lives:
            shortest, longest = min(self._link_lives), max(self._link_lives)
            self._say(f"Seen: links that live {shortest:.0f} to {longest:.0f} s.")
