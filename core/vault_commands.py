"""`python -m core vault verify`: is every file that the rows name in the vault, and whole?"""

from __future__ import annotations

from collections import Counter

import typer

from core.settings import load_settings

app = typer.Typer(help="Look after stored files.", no_args_is_help=True)


@app.callback()
def vault() -> None:
    """Look after stored files."""


@app.command()
def verify() -> None:
    """Read every stored file and compare it with the database; nothing is changed.

    Ends with 0 when all is well, 1 when there are only files that nobody needs, 2 when a file is missing or damaged.
    """
    from core.database import Database
    from core.vault import Vault
    from core.vault_check import Fault, check_vault

    settings = load_settings()
    database = Database(settings.sqlalchemy_url)
    database.check()
    found: Counter[Fault] = Counter()
    whole = 0
    try:
        for step, checked in enumerate(check_vault(database, Vault(settings.vault_url)), 1):
            whole += checked.whole
            for finding in checked.findings:
                found[finding.fault] += 1
                typer.echo(f"{finding.fault}: {finding.name} ({finding.belongs_to})")
            if step % 64 == 0:
                typer.echo(f"{step * 100 // 256} % read, {whole} whole files so far", err=True)
    finally:
        database.close()
    typer.echo(
        f"{whole} files are whole, {found[Fault.MISSING]} missing, {found[Fault.DAMAGED]} damaged, "
        f"{found[Fault.ORPHANED]} without a row."
    )
    if found[Fault.MISSING] or found[Fault.DAMAGED]:
        raise typer.Exit(2)
    if found[Fault.ORPHANED]:
        raise typer.Exit(1)
