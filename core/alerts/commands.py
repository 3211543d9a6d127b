"""`python -m core alerts test`: does a message arrive where alerts are to go?"""

from __future__ import annotations

from typing import Annotated

import typer

from core.settings import load_settings

app = typer.Typer(help="Try out where alerts go.", no_args_is_help=True)


@app.callback()
def alerts() -> None:
    """Try out where alerts go."""


@app.command("test")
def send_test(
    name: Annotated[
        str | None, typer.Argument(help="The name of one address; all of them without it.")
    ] = None,
) -> None:
    """Send a test message to each address, and say how it went.

    Ends with 0 when all arrived, with 1 when one did not or there is none.
    """
    from core.alerts.targets import list_targets
    from core.bootstrap import connect
    from core.errors import HatcheryError

    core = connect(load_settings(), "alerts")
    try:
        core.database.migrate()
        core.watch.take_up(core.settings.alert_addresses)
        with core.database.reading() as session:
            targets = [target for target in list_targets(session) if name in (None, target.name)]
        failed = not targets
        if not targets:
            typer.echo(
                "There is no such address." if name else "There is no address; add one on the page Alerts."
            )
        for target in targets:
            try:
                core.watch.test(target.target_id)
            except HatcheryError as error:
                failed = True
                typer.echo(f"{target.name} ({target.service}): {error.message}")
            else:
                typer.echo(f"{target.name} ({target.service}): the message was taken.")
    finally:
        core.close()
    if failed:
        raise typer.Exit(1)
