"""A province has more rows than one statement may name: PostgreSQL takes 65,535 values."""

from models.audience import said_among
from models.db import Database, batches
from models.obligation import owing_units
from models.submission import submissions_of

MANY = range(1, 70_001)


def test_each_value_comes_once_and_no_portion_is_too_large() -> None:
    portions = list(batches([*MANY, *MANY]))

    assert [each for portion in portions for each in portion] == list(MANY)
    assert max(map(len, portions)) < 65_535 // 2
    assert list(batches(())) == []


def test_more_can_be_asked_for_than_a_statement_takes(database: Database) -> None:
    with database.read() as session:
        assert owing_units(session, MANY) == {each: [] for each in MANY}
        assert submissions_of(session, MANY) == {}
        assert said_among(session, map(str, MANY)) == frozenset()
