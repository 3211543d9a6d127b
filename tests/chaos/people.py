"""What people do meanwhile: they order, look, lose patience, change their minds, and decide what nobody knows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from core import idempotency, pauses
from core.errors import HatcheryError
from core.idempotency import AlreadyDoneError, RequestKey
from core.jobs.scope import AssetName, Scope
from core.lifecycle import FINAL, TaskKind, TaskStatus
from core.models import Job, Task
from core.projects import FIRST_PROJECT
from core.schemas import PauseView
from tests.chaos.likeness import of_row, of_theirs
from tests.chaos.process import Process
from tests.chaos.trouble import Trouble

BIPED: Final = ("preset:idle", "preset:walk", "preset:run")
# What they have done to many at once. Orders and tasks are told apart by their input: what changes words makes them
# such as no other order has, and of the same words an order may come anew by one action alone.
ANEW: Final = ("change_prompt", "add_pose", "make_again")
JOBS: Final = ("retry", "cancel", "cancel_and_retry", "fetch", "follow", "not_created", *ANEW)
SAME_WORDS: Final = "make_again"
NAME: Final = "somebody"  # the actor of everything that people do


@dataclass
class Ordered:
    """An order as its person sees it: `ids` once it was accepted, `is_over` when nobody waits for that any more."""

    request: RequestKey
    wanted: dict[str, Any]
    ids: tuple[str, ...] = ()
    is_over: bool = False


@dataclass
class People:
    """They act through whichever dashboard is alive."""

    dice: random.Random
    trouble: Trouble
    orders: list[Ordered] = field(default_factory=list)
    _ordered: int = 0
    _edits: int = 0

    # --- orders ---

    def order(self, dashboard: Process) -> None:
        """Order something new, or an asset anew."""
        taken = [o.wanted["asset_id"] for o in self.orders if o.ids]
        is_anew = bool(taken) and self.dice.random() < 0.15
        asset_id = self.dice.choice(taken) if is_anew else f"asset-{len(self.orders)}"
        self._ordered += 1
        number = f"{self._ordered:03}"
        request = RequestKey(f"key-{number}", "POST /api/generate-3d", number * 20)
        self.orders.append(Ordered(request, {"asset_id": asset_id, **self._shape(number)}))
        self._place(dashboard, self.orders[-1])

    def repeat(self, dashboard: Process) -> None:
        """Whoever got no answer asks again, under the same key."""
        for each in self.orders:
            if not each.ids and not each.is_over:
                self._place(dashboard, each)

    def _shape(self, number: str) -> dict[str, Any]:
        if self.dice.random() < 0.2:
            return {"image": {"url": f"https://pictures.example/knight-{number}.png"}}
        if self.dice.random() < 0.3:
            return {"prompt": f"a wooden crate number {number}"}
        presets = self.dice.sample(BIPED, self.dice.randint(0, 2))
        return {"prompt": f"a knight number {number}", "should_rig": True, "animations": presets}

    def _place(self, dashboard: Process, each: Ordered) -> None:
        def place() -> tuple[str, ...]:
            try:
                return tuple(
                    dashboard.core.desk.generate(
                        each.request, project_id=FIRST_PROJECT, actor=NAME, **each.wanted
                    )
                )
            except AlreadyDoneError:
                self.trouble.struck["order_repeated"] += 1
                with dashboard.core.database.reading() as session:
                    found = idempotency.earlier(session, each.request)
                return found.made if found is not None else ()
            except HatcheryError:  # refused: this asset's generation is still under way
                each.is_over = True
                return ()

        each.ids = dashboard.act(place) or ()

    # --- jobs ---

    def start_or_stop_a_job(self, dashboard: Process) -> None:
        """Have something done to many at once, now or in a while; or stop what somebody started."""
        going = dashboard.act(lambda: self._jobs_under_way(dashboard)) or ()
        if going and self.dice.random() < 0.3:
            chosen = self.dice.choice(going)
            self._try(dashboard, "job_stopped", lambda: dashboard.core.jobs.stop(chosen, actor=NAME))
            return
        self._start_one_of(dashboard, JOBS)

    def order_anew(self, dashboard: Process) -> None:
        """Cure a model that failed by other words, or have some made anew."""
        self.trouble.struck["people_order_anew"] += 1
        ended = dashboard.act(lambda: self._tasks(dashboard, TaskStatus.FAILED, TaskStatus.CANCELLED)) or []
        models = [task for task in ended if task.kind is TaskKind.GENERATE]
        if models and self.dice.random() < 0.6:
            self._retry(dashboard, self.dice.choice(models))
        else:
            self._start_one_of(dashboard, ANEW)

    def _start_one_of(self, dashboard: Process, actions: Sequence[str]) -> None:
        ids = {order.wanted["asset_id"]: None for order in self.orders if order.ids}
        if not ids:
            return
        some = self.dice.sample(list(ids), self.dice.randint(1, len(ids)))
        scope = Scope(assets=tuple(AssetName(project_id=FIRST_PROJECT, asset_id=id_) for id_ in some))
        wait = self.dice.choice([0, 0, 20, 300])
        for action in self.dice.sample(actions, len(actions)):  # until there is something to do
            if dashboard.act(partial(self._start_job, dashboard, action, scope, wait)):
                return

    def _start_job(self, dashboard: Process, action: str, scope: Scope, after_seconds: float) -> str | None:
        changed = {"find": "number", "replace": self._edited("number")}
        terms = changed if action == "change_prompt" else {}
        try:
            job_id = dashboard.core.jobs.start(
                action=action, terms=terms, scope=scope, after_seconds=after_seconds, actor=NAME
            )
        except HatcheryError:
            return None
        self.trouble.struck["people_start_jobs"] += 1
        self.trouble.struck[f"job_{action}"] += 1
        return job_id

    def _jobs_under_way(self, dashboard: Process) -> Sequence[str]:
        with dashboard.core.database.reading() as session:
            wanted = select(Job.id).where(Job.finished_at.is_(None))
            return session.scalars(wanted.order_by(Job.created_at, Job.id)).all()

    # --- whims ---

    def meddle(self, dashboard: Process) -> None:
        """Do something to some task."""
        tasks = dashboard.act(lambda: self._tasks(dashboard)) or []
        if not tasks:
            return
        task, desk = self.dice.choice(tasks), dashboard.core.desk
        if task.status is TaskStatus.UNKNOWN:
            self.decide(dashboard, task)
        elif task.status in (TaskStatus.FAILED, TaskStatus.CANCELLED):
            self._retry(dashboard, task)
        elif task.status not in FINAL and self.dice.random() < 0.4:
            self._try(dashboard, "cancelled", lambda: desk.cancel(task.id, actor=NAME))

    def _retry(self, dashboard: Process, task: Task) -> None:
        """Order a step again; a model sometimes by other words."""
        desk, words = dashboard.core.desk, task.order.get("prompt")
        if words is None or self.dice.random() < 0.4:
            self._try(dashboard, "retried", lambda: desk.retry(task.id, actor=NAME))
            return
        edited = self._edited(words)
        self._try(dashboard, "retried_edited", lambda: desk.retry(task.id, prompt=edited, actor=NAME))

    def _edited(self, words: str) -> str:
        """Words that nobody used before."""
        self._edits += 1
        return f"{words} e{self._edits}"

    def decide_all(self, dashboard: Process) -> None:
        """Decide every order of unknown outcome, by what the provider's console shows."""
        for task in dashboard.act(lambda: self._tasks(dashboard, TaskStatus.UNKNOWN)) or []:
            self.decide(dashboard, task, is_careful=True)

    def decide(self, dashboard: Process, task: Task, *, is_careful: bool = False) -> None:
        """Say what became of an order of unknown outcome; who is not careful may be mistaken."""
        theirs = dashboard.act(lambda: self._in_the_console(dashboard, task))
        if theirs is None:
            return
        is_mistaken = bool(theirs) and not is_careful and self.dice.random() < 0.1
        decision: dict[str, Any] = {"outcome": "not_created", "tripo_task_id": None}
        if theirs and not is_mistaken:
            decision = {"outcome": "created", "tripo_task_id": theirs[0]}
        word = "decided_" + ("wrongly" if is_mistaken else decision["outcome"])
        desk = dashboard.core.desk
        self._try(dashboard, word, lambda: desk.resolve(task.id, reason="seen", actor=NAME, **decision))

    def pause_or_resume(self, dashboard: Process) -> None:
        """Stop the sending, of everything or of the one project; or let it go on again."""
        if dashboard.act(lambda: self._pauses(dashboard)):
            self.resume(dashboard)
            return
        which = self.dice.choice([None, FIRST_PROJECT])

        def pause() -> None:
            with dashboard.core.database.transaction() as session:
                pauses.pause(session, which, actor=NAME, now=dashboard.watch.now())
            self.trouble.struck["people_pause"] += 1

        dashboard.act(pause)

    def resume(self, dashboard: Process) -> None:
        """Let everything go on that somebody paused."""
        for pause in dashboard.act(lambda: self._pauses(dashboard)) or ():
            self._resume(dashboard, pause.project_id)

    def _resume(self, dashboard: Process, project_id: str | None) -> None:
        def resume() -> None:
            with dashboard.core.database.transaction() as session:
                pauses.resume(session, project_id, actor=NAME, now=dashboard.watch.now())

        dashboard.act(resume)

    def _pauses(self, dashboard: Process) -> Sequence[PauseView]:
        with dashboard.core.database.reading() as session:
            return pauses.standing(session)

    def _try(self, dashboard: Process, word: str, do: Any) -> None:
        def tried() -> None:
            try:
                do()
            except HatcheryError:  # a refusal in words is an answer
                return
            self.trouble.struck[word] += 1

        dashboard.act(tried)

    def _tasks(self, dashboard: Process, *statuses: TaskStatus) -> list[Task]:
        wanted = select(Task).where(Task.status.in_(statuses or list(TaskStatus)))
        with dashboard.core.database.reading() as session:
            return list(session.scalars(wanted.order_by(Task.created_at, Task.id)))

    def _in_the_console(self, dashboard: Process, task: Task) -> list[str]:
        """The ids of what the provider made of the same input and nobody here knows of."""
        with dashboard.core.database.reading() as session:
            likeness = of_row(session, session.get_one(Task, task.id))
            known = set(session.scalars(select(Task.tripo_task_id).where(Task.tripo_task_id.is_not(None))))
        theirs = list(self.trouble.sandbox.world.tasks.values())
        return [t.id for t in theirs if of_theirs(t) == likeness and t.id not in known]
