"""What tests get: an empty database whose every change of schema would be noticed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlmodel import select

from models.db import Database, open_database
from models.inbox import InboxMessage
from models.member import Member
from tests.conftest import shape_of
from tests.factories import xiangxi
from tests.rows import Rows
from tests.talk import MORNING, Talk


@pytest.fixture
def template(postgresql: str) -> Iterator[Connection]:
    url = make_url(postgresql).set(database="template_dajuan")
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE member ADD COLUMN nickname text",
        "ALTER TABLE member ALTER COLUMN name SET DEFAULT '某某'",
        "ALTER TABLE member ALTER COLUMN name TYPE varchar(3)",
        "ALTER TABLE member ADD CONSTRAINT short CHECK (length(name) < 9)",
        "ALTER TABLE member ADD CONSTRAINT once UNIQUE (name)",
        "ALTER TABLE account DROP CONSTRAINT {foreign}",
        "CREATE INDEX by_name ON member (name)",
        "CREATE TABLE further (id integer)",
        "CREATE TRIGGER still BEFORE UPDATE ON member FOR EACH ROW "
        "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "UPDATE alembic_version SET version_num = '0000'",
        "DROP TABLE alembic_version",
    ],
)
def test_every_change_of_the_schema_changes_its_shape(template, shape, change):
    foreign = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = "
    name = template.execute(text(f"{foreign}'account'::regclass")).scalar()

    assert shape_of(template) == shape
    template.execute(text(change.format(foreign=name)))
    assert shape_of(template) != shape


def test_what_the_first_talk_found_is_nobody_elses(tmp_path, sqlite_template, monkeypatch):
    monkeypatch.setattr("tests.talk.SMALL", Rows(xiangxi))
    first = _copy(sqlite_template, tmp_path / "first.db")
    said = {"platform": "wecom", "message_id": "m0", "sender_id": "甲", "chat_id": "甲"}
    with first.write() as session:
        session.add(InboxMessage(**said, received_at=MORNING, raw=b"", message={}))
    Talk(first)
    second = _copy(sqlite_template, tmp_path / "second.db")
    Talk(second)

    with first.read() as one, second.read() as other:
        assert len(one.exec(select(InboxMessage)).all()) == 1
        assert other.exec(select(InboxMessage)).all() == []
        assert other.exec(select(Member)).all()
    first.dispose()
    second.dispose()


def _copy(template: Path, path: Path) -> Database:
    shutil.copy(template, path)
    return open_database(f"sqlite:///{path}")
