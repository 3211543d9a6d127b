"""Every setting, read once by the entry points: from the environment, then `.env`; handed down as values."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from core.errors import SettingsError
from core.tripo import clean_key, default_base

ROOT = Path(__file__).resolve().parent.parent
SANDBOX_KEY = "tsk_sandbox"  # fixed: it opens nothing but the local sandbox


class Settings(BaseSettings):
    """The product's settings; `.env.example` documents each one, and a test holds the two equal."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8",
        extra="ignore",
        populate_by_name=True,
        env_ignore_empty=True,
    )

    tripo_api_key: SecretStr = SecretStr("")
    tripo_api_version: Literal["v3", "v2"] = "v3"
    tripo_api_base: str = ""
    tripo_file_hosts: str = ""
    tripo_batch_reads: Literal["auto", "off"] = "auto"
    tripo_webhook_secret: SecretStr = SecretStr("")

    database_url: str = "sqlite:///var/hatchery.db"
    artifacts_url: str = ""
    secret_key: SecretStr = SecretStr("")

    hatchery_host: str = "127.0.0.1"
    hatchery_port: int = Field(default=8501, ge=1, le=65535)
    hatchery_trusted_hosts: str = ""
    hatchery_public_url: str = ""
    sandbox_port: int = Field(default=8600, ge=1, le=65535)
    sandbox_speed: float = Field(default=10.0, gt=0)

    poll_seconds: float = Field(default=0.5, gt=0)
    poll_eagerness: float = Field(default=3.5, gt=0, le=1000)
    automatic_retries: int = Field(default=3, ge=0, le=10)
    automatic_retry_seconds: float = Field(default=60.0, gt=0, le=3600)
    retention_days: int = Field(default=90, ge=0, le=36_500)
    stale_after_seconds: float = Field(default=15.0, gt=0)
    alert_urls: SecretStr = SecretStr("")
    alert_failure_rate: float = Field(default=0.3, ge=0, le=1)
    alert_wallet_credits: Decimal = Field(default=Decimal(500), ge=0)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    var_dir: Path = Field(default=ROOT / "var", validation_alias=AliasChoices("hatchery_var", "var_dir"))

    @field_validator("tripo_api_key")
    @classmethod
    def _clean_key(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value().strip().strip("'\"").strip()
        return SecretStr(clean_key(text) if text else "")

    @field_validator("tripo_webhook_secret")
    @classmethod
    def _trim_secret(cls, value: SecretStr) -> SecretStr:
        return SecretStr(value.get_secret_value().strip().strip("'\"").strip())

    @field_validator("tripo_api_version", "log_level", mode="before")
    @classmethod
    def _trim(cls, value: str) -> str:
        return value.strip()

    @field_validator("tripo_api_base")
    @classmethod
    def _base_is_an_address(cls, value: str) -> str:
        text = value.strip().rstrip("/")
        parts = urlsplit(text)
        if text and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("TRIPO_API_BASE must be an http(s) address")
        return text

    @field_validator("var_dir")
    @classmethod
    def _from_root(cls, value: Path) -> Path:
        return value if value.is_absolute() else ROOT / value

    @property
    def provider_base(self) -> str:
        """The provider's address: the setting, else the public base of the chosen version."""
        return self.tripo_api_base or default_base(self.tripo_api_version)

    @property
    def provider_is_sandbox(self) -> bool:
        """True when the key in use is the local sandbox's own."""
        return self.tripo_api_key.get_secret_value().startswith(SANDBOX_KEY)

    @property
    def file_hosts(self) -> tuple[str, ...]:
        """The host suffixes set by TRIPO_FILE_HOSTS; empty means the provider's own."""
        return tuple(host.strip().lower() for host in self.tripo_file_hosts.split(",") if host.strip())

    @property
    def alert_addresses(self) -> tuple[str, ...]:
        """The addresses set by ALERT_URLS, separated by spaces or new lines."""
        return tuple(dict.fromkeys(self.alert_urls.get_secret_value().split()))

    @property
    def pages_url(self) -> str:
        """Where people find the dashboard, as far as the settings tell."""
        return self.hatchery_public_url.rstrip("/") or f"http://{self.hatchery_host}:{self.hatchery_port}"

    @property
    def trusted_hosts(self) -> tuple[str, ...]:
        """The names set by HATCHERY_TRUSTED_HOSTS, and HATCHERY_HOST itself."""
        names = [self.hatchery_host, *self.hatchery_trusted_hosts.split(",")]
        return tuple(name.strip().lower() for name in names if name.strip())

    @cached_property
    def sqlalchemy_url(self) -> str:
        """DATABASE_URL, with psycopg2 for a plain `postgresql://` and SQLite paths counted from the root."""
        text = self.database_url.strip()
        if text.startswith("postgres://"):
            text = "postgresql://" + text.removeprefix("postgres://")
        try:
            url = make_url(text)
        except (ArgumentError, ValueError):
            raise SettingsError(
                "DATABASE_URL is not a database address.",
                suggestion="Use sqlite:///var/hatchery.db or postgresql://user:password@host/name.",
            ) from None
        if url.get_backend_name() not in ("sqlite", "postgresql"):
            raise SettingsError(
                f"DATABASE_URL names {url.get_backend_name()}, which Hatchery does not speak.",
                suggestion="Use SQLite or PostgreSQL.",
            )
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg2")
        try:
            url.get_dialect().import_dbapi()
        except (ArgumentError, ImportError):
            raise SettingsError(
                f"DATABASE_URL asks for {url.drivername}, which is not installed.",
                suggestion="Write sqlite:///... or postgresql://...; what these need is there.",
            ) from None
        if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
            url = url.set(database=str(ROOT / url.database))
        return url.render_as_string(hide_password=False)

    @property
    def vault_url(self) -> str:
        """ARTIFACTS_URL, or the artifacts folder below the state folder."""
        text = self.artifacts_url.strip()
        if not text:
            return (self.var_dir / "artifacts").as_uri()
        if "://" not in text:
            return (ROOT / text).as_uri()
        return text

    def secret(self) -> str:
        """Return SECRET_KEY; made once in the state folder, mode 600, when the database is SQLite.

        Raises SettingsError when it is missing although several machines may share the database.
        """
        given = self.secret_key.get_secret_value()
        if given:
            return given
        if not self.sqlalchemy_url.startswith("sqlite"):
            raise SettingsError(
                "SECRET_KEY is not set, and a shared database needs one that all machines know.",
                suggestion="Put any long random text into SECRET_KEY, the same on every machine.",
            )
        return _made_once(self.secret_file)

    @property
    def secret_file(self) -> Path:
        """Where a SECRET_KEY that nobody set is kept."""
        return self.var_dir / "secret_key"


def load_settings() -> Settings:
    """Read the settings; raises SettingsError with one sentence that names the setting at fault.

    HATCHERY_ENV_FILE names another file than `.env`; empty means none (tests must not see a developer's key).
    """
    file = os.environ.get("HATCHERY_ENV_FILE", str(ROOT / ".env"))
    try:
        return Settings(_env_file=file or None)
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            f"{file} cannot be read as text.", suggestion="Write it anew from .env.example."
        ) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(
            f"{name}: {reason}.".replace("..", "."), suggestion=f"Mend it {_where(name)}."
        ) from None


def _where(name: str) -> str:
    """Say where a setting comes from: the environment goes before the file."""
    in_environment = any(key.upper() == name and value for key, value in os.environ.items())
    return "in the environment" if in_environment else "in .env"


def _made_once(path: Path) -> str:
    """Read the secret, or make it. It appears whole: two processes at once read the same."""
    try:
        if not path.exists():
            _place(path, secrets.token_urlsafe(32))
        text = path.read_text().strip()
    except OSError as error:
        raise SettingsError(
            f"The secret in {path} cannot be read or made ({error.strerror}).",
            suggestion="Give this account the right to do so, or set SECRET_KEY.",
        ) from None
    if not text:
        raise SettingsError(
            f"The secret in {path} is empty.", suggestion="Remove the file, or set SECRET_KEY."
        )
    return text


def _place(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")  # mode 600
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)  # what it encrypts must not outlive it in a power cut
    with contextlib.suppress(FileExistsError):
        os.link(name, path)
    Path(name).unlink()
