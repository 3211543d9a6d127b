"""What is right and what is wrong with the configuration, in sentences, each wrong thing with its cure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from core.alerts.sending import AlertAddressError, service_of
from core.database import MIGRATIONS, Database
from core.errors import HatcheryError, SettingsError
from core.models import Heartbeat
from core.prices import credits_in_words
from core.settings import Settings, load_settings
from core.startup import Finding, startup_findings
from core.tripo import TripoClient, default_file_hosts
from core.tripo.addresses import base_is_loopback
from core.tripo.keys import check_key_fits

_HOST_SUFFIX = re.compile(r"\.?[a-z0-9-]+(\.[a-z0-9-]+)*")


def examine() -> list[Finding]:
    """Look at everything; never raises."""
    try:
        settings = load_settings()
    except SettingsError as error:
        return [Finding.wrong(error)]
    return [
        Finding(True, True, "The settings can be read."),
        *startup_findings(settings, running_is_fine=True),
        *provider_findings(settings),
        *state_findings(settings),
        *balance_findings(settings),
        *alert_findings(settings),
    ]


def alert_findings(settings: Settings) -> list[Finding]:
    """Check the addresses of ALERT_URLS without sending anything."""
    findings = []
    for number, address in enumerate(settings.alert_addresses, 1):
        try:
            findings.append(Finding(True, False, f"Alerts can be sent to {service_of(address)}://…"))
        except AlertAddressError as error:
            wrong = f"Address {number} of ALERT_URLS: {error.message}"
            findings.append(Finding(False, False, wrong, error.suggestion))
    return findings


def provider_findings(settings: Settings) -> list[Finding]:
    """Say whether key, version, address and file hosts fit together; asks nobody."""
    hosts = _file_hosts(settings)
    if not settings.tripo_api_key.get_secret_value():
        return [_no_key(settings), hosts]
    return [_version_and_base(settings), _key_and_base(settings), hosts]


def state_findings(settings: Settings) -> list[Finding]:
    """Say whether the schema is today's and a poller is alive; nothing when the database does not answer."""
    try:
        database = Database(settings.sqlalchemy_url)
        try:
            schema = _schema(database)
            return [schema, _poller(database, settings.stale_after_seconds)] if schema.ok else [schema]
        finally:
            database.close()
    except (HatcheryError, SQLAlchemyError):
        return []  # the sentence for it stands among the startup findings


def balance_findings(settings: Settings) -> list[Finding]:
    """Ask the provider for the wallet, the one read that costs nothing and proves that the key works."""
    key = settings.tripo_api_key.get_secret_value()
    if not key:
        return []
    try:
        client = TripoClient(
            key,
            version=settings.tripo_api_version,
            base_url=settings.provider_base,
            file_hosts=settings.file_hosts or default_file_hosts(),
        )
        try:
            wallet = client.balance()
        finally:
            client.close()
    except HatcheryError as error:
        return [Finding.wrong(error)]
    return [Finding(True, True, f"The provider takes this key; {credits_in_words(wallet.balance)} left.")]


def _no_key(settings: Settings) -> Finding:
    if settings.tripo_api_base:
        return Finding(
            False,
            False,
            "TRIPO_API_BASE is set, but no key: `make up` uses the local sandbox and ignores it.",
            "Put a key into TRIPO_API_KEY, or empty TRIPO_API_BASE.",
        )
    return Finding(True, True, "No Tripo key is set: `make up` uses the local sandbox, which costs nothing.")


def _version_and_base(settings: Settings) -> Finding:
    version, base = settings.tripo_api_version, settings.provider_base
    other = "v2" if version == "v3" else "v3"
    if urlsplit(base).path.removesuffix("/openapi").endswith(f"/{other}"):
        return Finding(
            False,
            True,
            f"TRIPO_API_BASE is an address of {other}, but TRIPO_API_VERSION says {version}.",
            "Make the two agree, or leave TRIPO_API_BASE empty.",
        )
    if version == "v2" and not base_is_loopback(base):
        return Finding(
            False,
            False,
            "Tripo announced the end of v2 for 2026-10-31; its own servers may no longer answer.",
            "Set TRIPO_API_VERSION to v3, unless your gateway speaks v2.",
        )
    return Finding(True, True, f"Provider version {version} is used at {base}.")


def _key_and_base(settings: Settings) -> Finding:
    key, base = settings.tripo_api_key.get_secret_value(), settings.provider_base
    try:
        check_key_fits(key, base)
    except SettingsError as error:
        return Finding.wrong(error)
    if not settings.provider_is_sandbox and base_is_loopback(base):
        return Finding(
            False,
            False,
            "A real key is set, but TRIPO_API_BASE leads to this machine.",
            "Empty TRIPO_API_BASE to reach Tripo, or empty TRIPO_API_KEY to use the sandbox.",
        )
    if urlsplit(base).scheme == "http" and not base_is_loopback(base):
        return Finding(False, False, "TRIPO_API_BASE sends the key unencrypted.", "Write it with https://.")
    return Finding(True, True, "The key and the provider's address belong together.")


def _file_hosts(settings: Settings) -> Finding:
    odd = [host for host in settings.file_hosts if not _HOST_SUFFIX.fullmatch(host)]
    if odd:
        return Finding(
            False,
            True,
            f"TRIPO_FILE_HOSTS: {odd[0]} is no host name.",
            "Write host names only, separated by commas, as in .tripo3d.com,files.example.com.",
        )
    hosts = settings.file_hosts or default_file_hosts()
    return Finding(True, True, f"Files are fetched from {', '.join(hosts)} only.")


def _schema(database: Database) -> Finding:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    cure = "`make up` sees to it by itself; `python -m core migrate` does it alone."
    if current is None:
        return Finding(False, False, "The database has no tables yet.", cure)
    if current != newest:
        return Finding(False, False, "The database's schema is not up to date.", cure)
    return Finding(True, True, "The database's schema is up to date.")


def _poller(database: Database, stale_after_seconds: float) -> Finding:
    with database.reading() as session:
        newest = select(Heartbeat.beat_at).where(Heartbeat.role == "poller")
        beat_at = session.scalar(newest.order_by(Heartbeat.beat_at.desc()).limit(1))
    cure = "Start it with `make up`, or alone with `python -m poller`."
    if beat_at is None:
        return Finding(False, False, "No poller has run yet.", cure)
    age_seconds = (datetime.now(UTC) - beat_at).total_seconds()
    if age_seconds > stale_after_seconds:
        return Finding(
            False, False, f"No poller is running; the last was seen {age_seconds:.0f} s ago.", cure
        )
    return Finding(True, True, f"A poller is alive; it was seen {max(age_seconds, 0):.0f} s ago.")
