"""`python -m core plan check | diff | apply | status | export FILE`: plans on the command line and in CI.

Exit codes: 0 nothing to do, or done; 1 problems; 3 differences (diff), or not all is made yet (status). 2 is left
to a command that was written wrongly, as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from core.errors import NotFoundError, OrderError
from core.logs import redact

if TYPE_CHECKING:
    from core.bootstrap import Core
    from core.plans.plan import PlanNote
    from core.plans.progress import PlanProgress
    from core.plans.views import PlanPreview

app = typer.Typer(help="Check, preview, apply and follow asset plans.", no_args_is_help=True)

PROBLEMS, DIFFERENCES = 1, 3
ACTOR: Final = "command line"
MOST_BYTES: Final = 10_000_000  # more than any plan may have; the reader says which limit it is

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="The plan: Markdown, CSV, TSV, XLSX, JSON or YAML.")
]
InProject = Annotated[
    str | None, typer.Option("--project", metavar="ID", help="Needed when there is more than one.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as GET /api/plans does.")]
Remake = Annotated[bool, typer.Option("--remake", help="Make models anew whose words changed: paid again.")]


@app.command()
def check(
    file: File, strict: Annotated[bool, typer.Option(help="Warnings are problems, too.")] = False
) -> None:
    """Say what is wrong with a plan, without a database. Exit code 1 when something is."""
    from core.plans.reading import read_plan

    read = read_plan(_content(file), file.name)
    _say_notes(read.errors, read.warnings)
    _say(f"{len(read.rows)} assets, {len(read.errors)} errors, {len(read.warnings)} warnings.")
    if read.errors or not read.rows or (strict and read.warnings):
        raise typer.Exit(PROBLEMS)


@app.command()
def diff(file: File, project: InProject = None, remake: Remake = False, as_json: AsJson = False) -> None:
    """Say what applying a plan would do and cost; nothing is written. Exit code 3 when there is something to do."""
    with _core() as core:
        preview = core.plans.preview(
            project_id=_project(core, project), filename=file.name, content=_content(file), remake=remake
        )
    if as_json:
        _say(preview.model_dump_json(by_alias=True, indent=2))
    else:
        _say_preview(preview)
    if preview.errors or not any(asset.line is not None for asset in preview.assets):
        raise typer.Exit(PROBLEMS)
    if _has_differences(preview):
        raise typer.Exit(DIFFERENCES)


@app.command()
def apply(
    file: File,
    project: InProject = None,
    remake: Remake = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask; it spends the credits that diff names.")
    ] = False,
) -> None:
    """Apply a plan: make what is new, change what changed. Applied again it does nothing."""
    from core.plans.desk import PlanInvalidError

    with _core() as core:
        project_id, content = _project(core, project), _content(file)
        preview = core.plans.preview(
            project_id=project_id, filename=file.name, content=content, remake=remake
        )
        _say_preview(preview)
        is_asked = not yes and not preview.errors and preview.estimate.tasks > 0
        if is_asked and not typer.confirm("Apply it?"):
            raise typer.Exit(PROBLEMS)
        try:
            outcome = core.plans.apply(
                project_id=project_id,
                filename=file.name,
                content=content,
                remake=remake,
                revision=preview.revision,
                actor=ACTOR,
            )
        except PlanInvalidError as error:
            typer.echo(redact(f"{error.message} {error.suggestion}"), err=True)
            raise typer.Exit(PROBLEMS) from None
    done = "Applied" if outcome.is_new else "There was nothing to do"
    _say(f"{done}. Plan {outcome.preview.plan_id}.")


@app.command()
def status(file: File, project: InProject = None, as_json: AsJson = False) -> None:
    """Say how far a plan is. Exit code 0 when all is made, 1 when something failed, 3 while there is more to come."""
    with _core() as core:
        project_id = _project(core, project)
        known = {plan.filename: plan.plan_id for plan in core.plans.plans(project_id)}
        if file.name not in known:
            raise NotFoundError(
                f"No plan called {file.name} was applied to this project.",
                suggestion="Apply it with: python -m core plan apply FILE",
            )
        progress = core.plans.progress(known[file.name])
    if as_json:
        _say(progress.model_dump_json(by_alias=True, indent=2))
    else:
        _say_progress(progress)
    if progress.failures:
        raise typer.Exit(PROBLEMS)
    if progress.counts["complete"] < progress.assets:
        raise typer.Exit(DIFFERENCES)


@app.command()
def export(
    file: File,
    project: InProject = None,
    to: Annotated[
        Path | None, typer.Option("--to", metavar="PATH", help="Where to; left out, beside FILE.")
    ] = None,
) -> None:
    """Write a copy of a plan, in its own format, with each asset's status, id and file hashes."""
    target = to or file.with_name(f"{file.stem}.status{file.suffix}")
    if target.resolve() == file.resolve():
        raise OrderError("The copy would replace the plan itself.", suggestion="Name another file with --to.")
    with _core() as core:
        content = core.plans.export(
            project_id=_project(core, project), filename=file.name, content=_content(file)
        )
    target.write_bytes(content)
    _say(f"Written to {target}.")


# --- what is said --------------------------------------------------------------------------------------------


def _say_preview(preview: PlanPreview) -> None:
    _say_notes(preview.errors, preview.warnings)
    for asset in preview.assets:
        if asset.change == "unchanged":
            continue
        sign = {"added": "+", "changed": "~", "removed": "-"}[asset.change]
        what = f" ({', '.join(asset.fields)})" if asset.fields else ""
        anew = asset.remake_credits
        more = f"; {_credits(anew)} to make it anew" if anew is not None else ""
        _say(f"{sign} {asset.category} / {asset.name}{what}: {_credits(asset.credits)}{more}")
    for rename in preview.renames:
        _say(
            f"? line {rename.line} may be {rename.old_name} renamed ({rename.reason}); it is not taken for it"
        )
    counts = ", ".join(f"{count} {change}" for change, count in preview.counts.items())
    estimate = preview.estimate
    wallet = "" if estimate.balance is None else f", the balance is {_credits(estimate.balance)}"
    tasks = "1 task" if estimate.tasks == 1 else f"{estimate.tasks:,} tasks"
    _say(f"{counts}.")
    _say(f"{tasks}, {_credits(estimate.credits)}{wallet}.")


def _say_progress(progress: PlanProgress) -> None:
    counts = ", ".join(f"{count} {status}" for status, count in progress.counts.items() if count)
    assets = "1 asset" if progress.assets == 1 else f"{progress.assets:,} assets"
    _say(f"{progress.filename}: {assets}: {counts or 'none'}.")
    spent, to_come = _credits(progress.credits_spent), _credits(progress.credits_to_come)
    _say(f"{spent} spent, {to_come} to come.")
    if progress.waiting_text:
        _say(progress.waiting_text)
    if progress.forecast is not None:
        _say(f"It will be done in {_minutes(progress.forecast.seconds_low, progress.forecast.seconds_high)}.")
    for failure in progress.failures:
        step = failure.preset or failure.kind.value
        _say(f"! {failure.name} ({step}): {failure.error.message} {failure.error.suggestion}")


def _credits(amount: Decimal) -> str:
    from core.prices import credits_in_words

    return credits_in_words(amount)


def _minutes(low_seconds: int, high_seconds: int) -> str:
    low, high = (seconds // 60 + 1 for seconds in (low_seconds, high_seconds))
    if low == high:
        return "about 1 minute" if high == 1 else f"about {high:,} minutes"
    return f"{low:,} to {high:,} minutes"


def _say_notes(errors: tuple[PlanNote, ...], warnings: tuple[PlanNote, ...]) -> None:
    for word, notes in (("error", errors), ("warning", warnings)):
        for note in notes:
            place = f"line {note.line}: " if note.line is not None else ""
            typer.echo(redact(f"{word}: {place}{note.message}"), err=True)


def _say(sentence: str) -> None:
    typer.echo(redact(sentence))


# --- what is asked -------------------------------------------------------------------------------------------


def _has_differences(preview: PlanPreview) -> bool:
    return any(asset.change != "unchanged" for asset in preview.assets)


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise OrderError(
            f"{file} cannot be read ({error.strerror}).", suggestion="Check its path and rights."
        ) from None


@contextmanager
def _core() -> Iterator[Core]:
    from core.bootstrap import connect
    from core.logs import configure
    from core.settings import load_settings
    from core.up import needs_sandbox, on_the_sandbox

    settings = load_settings()
    if needs_sandbox(settings):  # as `make up` does, whose poller sends what is applied
        settings = on_the_sandbox(settings)
    configure("WARNING", "plan")
    core = connect(settings, "plan")
    try:
        core.database.migrate()
        yield core
    finally:
        core.close()


def _project(core: Core, named: str | None) -> str:
    """Name the project that is meant: the one that was named, else the only one."""
    from core.projects import ensure_first_project
    from core.queries import list_projects

    if named is not None:
        return named
    with core.database.transaction() as session:
        ensure_first_project(session)
        projects = list_projects(session)
    if len(projects) > 1:
        names = ", ".join(f"{each.project_id} ({each.name})" for each in projects[:10])
        raise OrderError("There is more than one project.", suggestion=f"Name one with --project: {names}.")
    return projects[0].project_id
