"""The circular of May 2021 for tests: its frozen snapshot, its document, and a way to tamper."""

import copy
import io
import json
import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from docx import Document as open_file
from docx.oxml.ns import qn

from handlers.digests.circular import build
from handlers.render.document import Document
from handlers.standing.circular import circular_data
from models.db import open_database
from models.programme import programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.schema import migrate
from tests.conftest import at

MAY = date(2021, 5, 31)


@cache
def _may() -> str:
    """Loading the programme takes longer than most tests."""
    with tempfile.TemporaryDirectory(prefix="dajuan-may-") as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'may.db'}")
        migrate(database)
        with database.write() as session:
            load(session, read_definition("minsheng-2021"), at("2021-08-16T08:00"))
        with database.read() as session:
            programme = programme_by_code(session, "minsheng-2021")
            assert programme is not None
            data = circular_data(session, programme, MAY)
        database.dispose()
    return json.dumps(data)


def may() -> dict[str, Any]:
    """The snapshot of the circular of May 2021, as it comes back from its row."""
    data: dict[str, Any] = copy.deepcopy(json.loads(_may()))
    return data


def built(snapshot: Mapping[str, Any]) -> Document:
    """The document with the words that are proposed."""
    return build(snapshot, snapshot["drafts"])


def tampered(data: bytes, old: str, new: str) -> bytes:
    """The file with a text replaced wherever it stands; AssertionError where it does not."""
    file = open_file(io.BytesIO(data))
    found = [each for each in file.element.body.iter(qn("w:t")) if old in (each.text or "")]
    assert found, f"{old} stands nowhere"
    for each in found:
        each.text = each.text.replace(old, new)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()
