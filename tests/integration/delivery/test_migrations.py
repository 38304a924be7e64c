"""Databases come to the newest revision once, however many processes ask, on PostgreSQL and SQLite."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import invalidate_caches
from textwrap import dedent

import pytest
from sqlalchemy import inspect, text

from shared.db import connect
from shared.db.migrations import draft, status, upgrade
from shared.db.migrations.runner import wait_for_turn

MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table
metadata = MetaData()
Table("things", metadata, Column("id", Integer, primary_key=True))
Table("later", metadata, Column("id", Integer, primary_key=True))
"""
FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.create_table("things", sa.Column("id", sa.Integer, primary_key=True))
"""
BROKEN = """
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.execute("CREATE TABLE half (id INTEGER)")
    op.execute("INSERT INTO nowhere VALUES (1)")
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An importable service with one revision; returns its name and the folder of its revisions."""
    name = f"service_{tmp_path.name.replace('-', '_')}"
    versions = tmp_path / "import" / name / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "import" / name / "__init__.py").touch()
    (tmp_path / "import" / name / "models.py").write_text(dedent(MODELS))
    (versions / "0001_first.py").write_text(dedent(FIRST))
    monkeypatch.syspath_prepend(tmp_path / "import")
    invalidate_caches()
    yield name, versions
    for module in [module for module in sys.modules if module.startswith(name)]:
        del sys.modules[module]


def test_upgrade_and_status(package, database_url):
    engine = connect(database_url)
    before = status(engine, package[0])
    assert (before.current, before.newest, before.pending, before.up_to_date) == (None, "0001", ("0001",), False)
    assert upgrade(engine, package[0]).up_to_date
    assert upgrade(engine, package[0]) == status(engine, package[0])
    assert inspect(engine).has_table("things")
    engine.dispose()


def test_many_processes_may_upgrade_at_once(package, database_url):
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda _: upgraded_by_a_process(package, database_url), range(3)))
    assert results == ["0001"] * 3


def test_who_migrates_makes_the_others_wait(package, database_url):
    first, second = connect(database_url), connect(database_url)
    with ThreadPoolExecutor(1) as pool:
        with first.begin() as conn:
            wait_for_turn(conn)
            waiting = pool.submit(upgrade, second, package[0])
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
        assert waiting.result(20).up_to_date
    first.dispose()
    second.dispose()


def upgraded_by_a_process(package, database_url):
    """Alembic's context is one per process, so the race is between processes."""
    code = (
        f"import sys; sys.path.insert(0, {str(package[1].parents[2])!r});"
        "from shared.db import connect; from shared.db.migrations import upgrade;"
        f"print(upgrade(connect({database_url!r}), {package[0]!r}).current)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr


def test_a_revision_that_fails_leaves_nothing_behind(package, database_url):
    (package[1] / "0002_broken.py").write_text(dedent(BROKEN))
    engine = connect(database_url)
    with pytest.raises(Exception, match="nowhere"):
        upgrade(engine, package[0])
    assert status(engine, package[0]).pending == ("0001", "0002")
    assert not inspect(engine).has_table("half")
    engine.dispose()


def test_a_draft_holds_the_difference(package, database_url):
    engine = connect(database_url)
    upgrade(engine, package[0])
    written = draft(engine, package[0], "Add later").read_text()
    assert "create_table('later'" in written
    assert "things" not in written
    assert "down_revision = '0001'" in written
    engine.dispose()


def test_the_database_stays_usable_while_nothing_is_pending(package, database_url):
    engine = connect(database_url)
    upgrade(engine, package[0])
    with engine.begin() as conn:
        conn.execute(text("INSERT INTO things VALUES (1)"))
        assert status(engine, package[0]).up_to_date
    engine.dispose()
