"""An office on WeCom for the stories of its doors."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.db import Database
from tests.wecom import WecomOffice, open_wecom


@pytest.fixture
def office(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WecomOffice]:
    """What does not depend on the engine is tried on one."""
    with open_wecom(sqlite, tmp_path, monkeypatch) as office:
        yield office
        assert office.twin.complaints == []
