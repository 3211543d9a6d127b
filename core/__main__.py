"""The command line: `python -m core <command>`; `python -m core --help` lists the commands."""

from __future__ import annotations

import os
import sys

import typer

from core import tripo_commands, vault_commands
from core.alerts import commands as alert_commands
from core.errors import HatcheryError
from core.logs import configure, redact
from core.plans import commands as plan_commands
from core.settings import Settings, load_settings

app = typer.Typer(
    help="Hatchery: asset plans become rigged, animated 3D models.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its pictures of local variables would show keys
)
app.add_typer(tripo_commands.app, name="tripo")
app.add_typer(plan_commands.app, name="plan")
app.add_typer(vault_commands.app, name="vault")
app.add_typer(alert_commands.app, name="alerts")

# Each command imports what it needs: nobody waits for the rest to be loaded.


@app.command()
def up() -> None:
    """Run everything: the sandbox (when no key is set), the poller and the dashboard."""
    from core.up import up

    up(_prepare("up"))


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    from core.database import Database

    database = Database(_prepare("migrate").sqlalchemy_url)
    database.migrate()
    database.close()
    typer.echo("The database is up to date.")


@app.command()
def sandbox() -> None:
    """Run the local stand-in for Tripo alone."""
    from core.sandbox.config import config_from_environment
    from core.sandbox.server import serve

    settings = _prepare("sandbox")
    ours = {
        "SANDBOX_SPEED": str(settings.sandbox_speed),
        "SANDBOX_STATE": str(settings.var_dir / "sandbox.json"),
    }
    secret = settings.tripo_webhook_secret.get_secret_value()
    if secret:  # it tells the dashboard, as Tripo would
        ours["SANDBOX_WEBHOOK_URL"] = f"http://127.0.0.1:{settings.hatchery_port}/api/webhooks/tripo"
        ours["SANDBOX_WEBHOOK_SECRET"] = secret
    given = {name: value for name, value in os.environ.items() if value}
    serve("127.0.0.1", settings.sandbox_port, config_from_environment({**ours, **given}))


@app.command()
def doctor() -> None:
    """Say in sentences what is right and what is wrong with the configuration."""
    from core.doctor import examine

    findings = examine()
    for finding in findings:
        typer.echo(redact(finding.as_text()))
    if any(finding.fatal and not finding.ok for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run a command; what goes wrong on purpose is said in its sentence, never as a traceback."""
    try:
        app()
    except HatcheryError as error:
        typer.echo(redact(f"{error.message} {error.suggestion}".strip()), err=True)
        sys.exit(1)


def _prepare(name: str) -> Settings:
    settings = load_settings()
    configure(settings.log_level, name)
    return settings


if __name__ == "__main__":
    main()
