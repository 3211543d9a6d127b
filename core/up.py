"""What `make up` runs: checks, migrates, then keeps sandbox, poller and dashboard alive until it is stopped."""

from __future__ import annotations

import logging
import sys

from pydantic import SecretStr

from core.child import Child
from core.database import Database
from core.doctor import provider_findings
from core.errors import SettingsError
from core.settings import ROOT, SANDBOX_KEY, Settings
from core.startup import answers, reachable_host, startup_findings
from core.supervisor import Supervisor, say

logger = logging.getLogger("hatchery.up")


def up(settings: Settings) -> None:
    """Check, migrate, then run everything until SIGINT, SIGTERM or SIGHUP.

    Raises SettingsError, with a sentence for each fault, before anything is started.
    """
    findings = [*startup_findings(settings), *provider_findings(settings)]
    faults = [finding for finding in findings if finding.fatal and not finding.ok]
    if faults:
        raise SettingsError("\n".join(f"{fault.sentence} {fault.cure}".strip() for fault in faults))
    settings.secret()
    database = Database(settings.sqlalchemy_url)
    database.migrate()
    database.close()
    if needs_sandbox(settings) and settings.tripo_api_base:
        logger.warning("TRIPO_API_BASE is ignored: no TRIPO_API_KEY is set, so the local sandbox is used.")
    Supervisor(children_of(settings), on_ready=lambda: _announce(settings)).run()


def children_of(settings: Settings) -> list[Child]:
    """List what has to run, in the order of starting."""
    provider = _sandbox_environment(settings) if needs_sandbox(settings) else {}
    listen = {"HATCHERY_HOST": settings.hatchery_host, "HATCHERY_PORT": str(settings.hatchery_port)}
    sandbox_health = f"http://127.0.0.1:{settings.sandbox_port}/sandbox/health"
    dashboard_health = f"{_address(settings)}/_stcore/health"
    sandbox = Child("sandbox", _python("core", "sandbox"), ROOT, is_ready=lambda: answers(sandbox_health))
    poller = Child("poller", _python("poller"), ROOT, provider)
    dashboard = Child(
        "dashboard", _python("dashboard"), ROOT, {**provider, **listen}, lambda: answers(dashboard_health)
    )
    return [sandbox, poller, dashboard] if needs_sandbox(settings) else [poller, dashboard]


def _python(*module: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *module)


def _announce(settings: Settings) -> None:
    say("hatchery", f"Hatchery is ready: {_address(settings)} (Ctrl-C stops it)")
    if needs_sandbox(settings):
        say("hatchery", "It uses the local sandbox, with play credits, because no TRIPO_API_KEY is set.")


def _address(settings: Settings) -> str:
    return f"http://{reachable_host(settings.hatchery_host)}:{settings.hatchery_port}"


def needs_sandbox(settings: Settings) -> bool:
    """Whether there is no key, so that the local sandbox is worked with."""
    return not settings.tripo_api_key.get_secret_value()


def on_the_sandbox(settings: Settings) -> Settings:
    """Return the settings with which `up` starts the poller and the dashboard when there is no key."""
    theirs = _sandbox_environment(settings)
    key = SecretStr(theirs["TRIPO_API_KEY"])
    return settings.model_copy(update={"tripo_api_key": key, "tripo_api_base": theirs["TRIPO_API_BASE"]})


def _sandbox_environment(settings: Settings) -> dict[str, str]:
    path = "v3" if settings.tripo_api_version == "v3" else "v2/openapi"
    return {
        "TRIPO_API_KEY": SANDBOX_KEY,
        "TRIPO_API_BASE": f"http://127.0.0.1:{settings.sandbox_port}/{path}",
    }
