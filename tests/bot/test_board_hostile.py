"""The board against hostile words: whatever people and files bring, no page takes it for marks."""

import html
import re
from collections.abc import Iterator

from sqlmodel import Session, select

from models.indicator import Indicator
from models.link import Link
from models.programme import Programme
from models.submission import SubmissionVersion
from models.task import Task
from models.unit import Unit
from tests.board import QUIET, Office
from tests.pictures import a_view, encoded
from tests.supervising import hand_in

EVIL = "<b onmouseover='x'>\"{{ 7*7 }}</b>&amp;😀𠮷"
VIEWS = ("overview", "tasks", "ranking", "counties", "calendar", "laggards", "pictures")
_LINKS = re.compile(r'href="(\?[^"]*)"')
_KIND = re.compile(r"\?view=(task|unit|county)&")


def _spoil(session: Session) -> None:
    """Every name and text that a page shows."""
    for unit in session.exec(select(Unit)).all():
        unit.name += EVIL
    for task in session.exec(select(Task)).all():
        task.title, task.aliases, task.theme = EVIL, [EVIL], EVIL
    for indicator in session.exec(select(Indicator)).all():
        indicator.name, indicator.unit = f"{EVIL}{indicator.id}", EVIL
    for programme in session.exec(select(Programme)).all():
        programme.short_title = EVIL
    for version in session.exec(select(SubmissionVersion)).all():
        version.sections = {"进展": EVIL, "问题": EVIL}


def _pages(office: Office, path: str) -> Iterator[tuple[str, str]]:
    """Every page of the menu, and the first task, unit and county that one of them leads to."""
    ahead, kinds = [f"?view={view}" for view in VIEWS], set[str]()
    while ahead:
        query = ahead.pop(0)
        page = office.http.get(path + query)
        assert page.status_code in (200, 403), query
        yield query, page.text
        for link in map(html.unescape, _LINKS.findall(page.text)):
            if (kind := _KIND.match(link)) and kind[1] not in kinds:
                kinds.add(kind[1])
                ahead.append(link)


def test_no_page_takes_words_for_marks(office: Office) -> None:
    report = hand_in(office.talk, "新7", month=9, accepted=True)
    office.accept_picture(report, encoded(a_view(1)), EVIL, EVIL)
    with office.house.database.write() as session:
        _spoil(session)
    for path in (office.link(), office.link(QUIET)):
        pages = dict(_pages(office, path))
        assert len(pages) >= len(VIEWS) + 1
        for query, page in pages.items():
            assert "<b " not in page.replace('<b class="big">', ""), query
            assert '"49' not in page, query
            assert "style=" not in page, query
            assert EVIL in html.unescape(page) or "本群未开启点名" in page, query


def test_opening_a_page_changes_nothing(office: Office) -> None:
    """A chat client that looks ahead at every link it shows leaves no trace."""
    path, upload = office.link(), _upload_path(office)
    before = _rows(office)
    for query, page in _pages(office, path):
        assert page, query
    assert office.see(upload).status_code == 200
    assert _rows(office) == before


def _upload_path(office: Office) -> str:
    [answer] = office.talk.say("州公安局联络员", "上传")
    with office.house.database.read() as session:
        number = int(re.findall(r"/upload/(\d+)", answer)[0])
        return office.path_of(session.get_one(Link, number))


def _rows(office: Office) -> str:
    """All that is stored, as one text."""
    with office.house.database.read() as session:
        connection = session.connection().connection.dbapi_connection
        return "\n".join(connection.iterdump())
