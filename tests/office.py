"""The people of a written conversation with the bot: their messages sent, its answers compared."""

import io
import re
from datetime import datetime

import openpyxl
from PIL import Image
from sqlmodel import Session, col, select

from bot.burst import PAUSE
from bot.inbox import InboxWorker
from bot.storing import Arrival, store
from handlers.reporting.drafts import expire_drafts
from models.chat import ChatPurpose
from models.db import open_database
from models.errors import MediaUnavailable
from models.member import RoleName
from models.message import MessageKind
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.unit import Unit, UnitKind
from tests.conftest import at
from tests.dialogues import LIGHT, Dialogue, FileSent, Step
from tests.factories import PLATFORM, a_group, a_member, xiangxi
from tests.hall import FakePlatform
from tests.pictures import a_landscape, a_view, an_exif, encoded, framed
from tests.standing import stands_as
from tests.talk import Talk

#: Stands for the bot's latest words to the speaker where a message is quoted as text.
LATEST = "答复"

_SIZE = re.compile(r"(\d+)x(\d+)")
_NUMBERED = re.compile(r"view (\d+)")
_TAKEN = re.compile(r"taken (\d{4}-\d{2}-\d{2})")


class Office(Talk):
    """The people of one dialogue with the bot; the transcript so far is kept for a failure."""

    def __init__(self, url: str, dialogue: Dialogue) -> None:
        self.url = url
        self.dialogue = dialogue
        self.transcript: list[str] = []
        self._ids: dict[str, str] = {}
        self._seen = 0
        super().__init__(open_database(url), now=at(dialogue.at), empty=True)

    def play(self) -> None:
        """Every step in turn; AssertionError with the transcript where one ends otherwise."""
        try:
            for number, step in enumerate(self.dialogue.talk, 1):
                self._step(number, step)
        except AssertionError as failure:
            raise AssertionError("\n".join([*self.transcript, f"!! {failure}"])) from failure
        finally:
            self.database.dispose()

    def _step(self, number: int, step: Step) -> None:
        self._pass_time(step)
        before = {name: len(self._told(name)) for name in (*step.hears, *step.quiet)}
        shown = len(self.pictures_of(step.who))
        answers = self._happens(step)
        text = "\n".join(answers)
        self._write_down(number, step, answers)
        if step.says or step.never or step.silent:
            _must_say(text, step)
        if step.shows is not None:
            came = len(self.pictures_of(step.who)) - shown
            assert came == step.shows, f"{came} pictures shown, not {step.shows}"
        for name, told in before.items():
            self._must_hear(name, self._told(name)[told:], step)
        if step.then is not None:
            with self.database.read() as session:
                stands_as(session, step.then, self.shelf)

    def _pass_time(self, step: Step) -> None:
        if step.at:
            self.set_clock(step.at)
        self.later(**step.later)
        if step.restart:
            self.database.dispose()
            self.database = open_database(self.url)

    def _happens(self, step: Step) -> list[str]:
        if step.job:
            assert step.job == "drafts", f"no job {step.job}"
            with self.database.write() as session:
                expire_drafts(session, self.now, self.services)
            return []
        if step.recall:
            return self.recall(step.who, self._ids[step.recall])
        if step.burst:
            return self._burst(step)
        if step.who and (step.text or step.pictures or step.files):
            return self._say(step)
        return []

    def _say(self, step: Step) -> list[str]:
        sent = [self._picture(each) for each in step.pictures if each != "lost"]
        lost = [each for each in step.pictures if each == "lost"]
        quoted = self.heard(step.who)[-1] if step.quoted == LATEST else step.quoted
        answers = self.say(
            step.who,
            step.text * step.times,
            pictures=sent,
            files=[(each.name, _file(each)) for each in step.files],
            group=step.group,
            quoting=self._ids[step.quoting] if step.quoting else None,
            quoted=quoted,
            failed=lost,
        )
        self._ids[step.named] = self.last_message_id
        return answers

    def _burst(self, step: Step) -> list[str]:
        """Pictures as messages of their own, a second apart, taken in as the service does."""
        platform, heard = FakePlatform(), len(self.heard(step.who))
        platforms = {PLATFORM: platform}
        worker = InboxWorker(
            self.database, platforms, self.services, lambda: self.now, lambda: None
        )
        for words in step.burst:
            self.later(seconds=1)
            self._arrives(step.who, words, platform)
            worker.handle_due()
        self.later(seconds=PAUSE.seconds)
        worker.handle_due()
        return self.heard(step.who)[heard:]

    def _arrives(self, person: str, words: str, platform: FakePlatform) -> None:
        """One picture stored at the door; it cannot be fetched where it is `lost`."""
        data = b"" if words == "lost" else self._picture(words)
        message = self._message(
            person, "", [("图片.jpg", data, True)], None, None, MessageKind.TEXT, ""
        )
        ref = message.attachments[0].ref
        platform.files[ref] = data
        if words == "lost":
            platform.troubles[ref] = [MediaUnavailable("已过期", retryable=False)]
        with self.database.write() as session:
            store(session, [Arrival(message, b"", self.now)])

    def _picture(self, words: str) -> bytes:
        self._seen += 1
        return a_picture(words, self._seen)

    def _told(self, name: str) -> list[str]:
        is_group = name.endswith("群")
        return self.heard_in(name) if is_group else self.heard(name)

    def _must_hear(self, name: str, told: list[str], step: Step) -> None:
        self.transcript.append(f"   （{name}听到）{told}")
        if name in step.quiet:
            assert not told, f"{name} heard {told}"
        _must_occur("\n".join(told), step.hears.get(name, []))

    def _write_down(self, number: int, step: Step, answers: list[str]) -> None:
        extras = [*step.pictures, *step.burst, *(each.name for each in step.files)]
        words = step.text * step.times
        shown = words if len(words) < 1000 else f"{words[:40]}……（{len(words)}字）"
        what = step.job or (f"（撤回 {step.recall}）" if step.recall else shown)
        where = f"@{step.group}" if step.group else ""
        self.transcript.append(
            f"{number}. [{self.now:%m-%d %H:%M}] {step.who}{where}：{what} {extras or ''}"
        )
        self.transcript += [f"   → {each}" for each in answers] or ["   → （无）"]


def open_office(url: str, dialogue: Dialogue, *, is_loaded: bool = False) -> Office:
    """The office of a dialogue: its programmes and people, unless they are there already."""
    office = Office(url, dialogue)
    with office.database.write() as session:
        if not is_loaded:
            furnish(session, dialogue.programmes)
        for name, units in dialogue.people.items():
            a_member(session, name, *((RoleName.LIAISON, _unit(session, each)) for each in units))
    return office


def furnish(session: Session, programmes: list[str]) -> None:
    """The light programmes with their people, or built-in ones with a liaison for every unit."""
    if programmes == [LIGHT]:
        xiangxi(session)
        return
    for code in programmes:
        load(session, read_definition(code), at(f"{code[-4:]}-01-05T08:00"))
    for unit in session.exec(select(Unit).order_by(col(Unit.id))).all():
        if unit.kind == UnitKind.DEPARTMENT:
            a_member(session, f"{unit.name}联络员", (RoleName.LIAISON, unit))
    a_member(session, "管理员甲", (RoleName.ADMIN, None))
    a_member(session, "领导甲", (RoleName.LEADER, None))
    a_group(session, "联络员群")
    a_group(session, "领导群", ChatPurpose.LEADERS)


def _unit(session: Session, name: str) -> Unit:
    return session.exec(select(Unit).where(Unit.name == name)).one()


def _must_say(text: str, step: Step) -> None:
    if step.silent:
        assert not text, "an answer came where none was due"
        return
    assert text, "no answer came"
    _must_occur(text, step.says)
    for fragment in step.never:
        assert fragment not in text, f"“{fragment}” may not be said"


def _must_occur(text: str, fragments: list[str]) -> None:
    place = 0
    for fragment in fragments:
        found = text.find(fragment, place)
        assert found >= 0, f"“{fragment}” is not said" + (" here" if fragment in text else "")
        place = found + len(fragment)


def a_picture(words: str, number: int) -> bytes:
    """The picture that *words* describe, such as `1200x900 taken 2021-08-19 gps`.

    Every one is another view unless `view 3` says which; `half` is cut short, `bars` a screenshot
    with bars above and below, `again` the same view compressed once more, `sky` even above.
    """
    size = _SIZE.search(words)
    width, height = (int(size[1]), int(size[2])) if size else (1200, 600)
    chosen = _NUMBERED.search(words)
    view = a_view(int(chosen[1]) if chosen else 1000 + number, width, height)
    if "sky" in words:
        view = a_landscape(width, height)
    if "bars" in words:
        return framed(view, 0, height // 8, 0, height // 8, "black")
    if "again" in words:
        view = Image.open(io.BytesIO(encoded(view.resize((width - 2, height - 1)))))
        view = view.resize((width, height))
    taken = _TAKEN.search(words)
    exif = an_exif(
        taken_at=datetime.fromisoformat(f"{taken[1]}T10:30:00") if taken else None,
        turn=6 if "turned" in words else None,
        gps="gps" in words,
    )
    data = encoded(view, "PNG" if "png" in words else "JPEG", exif=exif)
    return data[: len(data) // 2] if "half" in words else data


def _file(sent: FileSent) -> bytes:
    """The bytes of a file as it was sent."""
    if not sent.rows:
        return sent.text.encode()
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in [*sent.rows, *(sent.rows[-1:] * (sent.times - 1))]:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
