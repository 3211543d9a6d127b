"""`python -m core vault verify`: is every file that the rows name in the vault, and whole?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from core.errors import HatcheryError
from core.settings import load_settings

if TYPE_CHECKING:
    from core.bootstrap import Core

app = typer.Typer(help="Look after stored files.", no_args_is_help=True)


@app.callback()
def vault() -> None:
    """Look after stored files."""


@app.command()
def verify(
    fetch: Annotated[
        bool,
        typer.Option("--fetch-again", help="Fetch what is missing or damaged again, if Tripo still has it."),
    ] = False,
) -> None:
    """Read every stored file and compare it with the database; nothing is changed but by --fetch-again.

    Ends with 0 when all is well, 1 when there are only files that nobody needs, 2 when a file is missing or damaged.
    """
    from core.bootstrap import connect
    from core.vault_check import Fault, check_vault

    core = connect(load_settings(), "vault")
    core.database.check()
    found: Counter[Fault] = Counter()
    whole = fetched = 0
    try:
        for step, checked in enumerate(check_vault(core.database, core.vault), 1):
            whole += checked.whole
            for finding in checked.findings:
                typer.echo(f"{finding.fault}: {finding.name} ({finding.belongs_to})")
                if fetch and finding.fault is not Fault.ORPHANED and _is_fetched(core, finding.name):
                    fetched += 1
                else:
                    found[finding.fault] += 1
            if step % 64 == 0:
                typer.echo(f"{step * 100 // 256} % read, {whole} whole files so far", err=True)
    finally:
        core.close()
    if fetch:
        typer.echo(f"{fetched} files were fetched again.")
    typer.echo(
        f"{whole} files are whole, {found[Fault.MISSING]} missing, {found[Fault.DAMAGED]} damaged, "
        f"{found[Fault.ORPHANED]} without a row."
    )
    if found[Fault.MISSING] or found[Fault.DAMAGED]:
        raise typer.Exit(2)
    if found[Fault.ORPHANED]:
        raise typer.Exit(1)


def _is_fetched(core: Core, sha256: str) -> bool:
    from core.vault_mending import fetch_again

    try:
        fetch_again(core.database, core.clients, core.vault, sha256)
    except HatcheryError as error:
        typer.echo(f"  not fetched again: {error.message}")
        return False
    typer.echo("  fetched again")
    return True
