"""What offices write and hear: the transcripts of `tests/data/reading/dialogues`, played."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from models.db import open_database
from tests.dialogues import LIGHT, Dialogue, dialogues
from tests.office import furnish, open_office

DIALOGUES = dict(dialogues())
Furnished = Callable[[Dialogue], Path]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Furnished:
    """A SQLite file with the programmes of a dialogue, loaded once for all that have the same."""
    known: dict[tuple[str, ...], Path] = {}

    def of(dialogue: Dialogue) -> Path:
        key = tuple(dialogue.programmes)
        if key not in known:
            path = tmp_path_factory.mktemp("office") / "office.db"
            shutil.copy(sqlite_template, path)
            database = open_database(f"sqlite:///{path}")
            with database.write() as session:
                furnish(session, dialogue.programmes)
            database.dispose()
            known[key] = path
        return known[key]

    return of


@pytest.mark.parametrize("dialogue", DIALOGUES.values(), ids=DIALOGUES)
def test_the_dialogue_goes_as_written(
    dialogue: Dialogue, furnished: Furnished, tmp_path: Path
) -> None:
    shutil.copy(furnished(dialogue), tmp_path / "office.db")

    open_office(f"sqlite:///{tmp_path / 'office.db'}", dialogue, is_loaded=True).play()


BOTH = {name: dialogue for name, dialogue in DIALOGUES.items() if dialogue.both}


@pytest.mark.parametrize("dialogue", BOTH.values(), ids=BOTH)
def test_the_dialogue_goes_so_on_both_engines(dialogue: Dialogue, database_url: str) -> None:
    open_office(database_url, dialogue).play()


def test_there_are_enough_of_them_on_the_programmes_themselves() -> None:
    assert len(DIALOGUES) >= 150
    assert sum(each.programmes != [LIGHT] for each in DIALOGUES.values()) >= 20
