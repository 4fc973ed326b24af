"""The demonstration's stage: people speak through the sandbox's door, time passes, all is noted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sqlmodel import Session, col, select

from bot.platforms.base import Request
from bot.platforms.sandbox import NAME, SINGLE, Body, Upload
from bot.sandbox_cast import STRANGERS
from models.chat import Chat, Door
from models.member import Account, Member
from models.message import ChatKind
from models.sandbox_message import Direction, SandboxMessage, lines_after
from scheduler.digest_run import moments

if TYPE_CHECKING:
    from bot.app import House

BOT = "答卷"
TRANSCRIPT = "对话.txt"
_DAY = timedelta(days=1)
_NOT_YET_KNOWN = datetime.min.replace(tzinfo=UTC)
_WEEKDAYS = "一二三四五六日"
_SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg"}

Show = Callable[[str], None]


@dataclass(frozen=True)
class Photo:
    """A picture that a person sends."""

    name: str
    data: bytes


@dataclass
class Transcript:
    """What is said, as a chat client shows it: shown at once and, with *folder*, kept as files.

    Pictures and documents of the bot are numbered in the order in which they were sent.
    """

    house: "House"
    show: Show
    folder: Path | None = None
    seen: int = 0
    files: int = 0
    _day: str = ""
    _text: list[str] = field(default_factory=list)

    def note_new(self) -> list[SandboxMessage]:
        """Show every line that was written since the last call, and return these lines."""
        with self.house.database.read() as session:
            found: list[SandboxMessage] = []
            while lines := lines_after(session, self.seen):
                found += lines
                self.seen = lines[-1].id or 0
            if found:
                names, groups = _names(session, found), _groups(session)
        for line in found:
            local = line.at.astimezone(self.house.services.zone)
            self._begin_day(local)
            head = f"{local:%H:%M} {_speakers(line, names, groups)}："
            self._put(f"{head}{self._shown(line, local).replace(chr(10), chr(10) + ' ' * 6)}")
        return found

    def remark(self, text: str) -> None:
        """Say something that no chat shows."""
        self._put(f"      （{text}）")

    def save(self) -> None:
        """Write the conversation beside the pictures."""
        if self.folder is not None:
            (self.folder / TRANSCRIPT).write_text("\n".join(self._text) + "\n", "utf-8")

    def _begin_day(self, local: datetime) -> None:
        day = f"{local.year}年{local.month}月{local.day}日 星期{_WEEKDAYS[local.weekday()]}"
        if day != self._day:
            self._day = day
            self._put(f"\n—— {day} ——")

    def _put(self, text: str) -> None:
        self._text.append(text)
        self.show(text)

    def _shown(self, line: SandboxMessage, local: datetime) -> str:
        if line.media is None:
            return line.text
        kind = "图片" if line.media["mime"].startswith("image/") else "文件"
        name = line.media["name"]
        if self.folder is not None and line.direction == Direction.OUT:
            return f"[{kind} {name} → {self._written(line, local)}]{line.text}"
        return f"[{kind} {name}]{line.text}"

    def _written(self, line: SandboxMessage, local: datetime) -> str:
        """The name of the file that the picture or document was written to."""
        assert self.folder is not None
        assert line.media is not None
        self.files += 1
        stem, suffix = Path(line.media["name"]).stem, Path(line.media["name"]).suffix
        # A stamped picture may have become a JPEG under its old name.
        suffix = _SUFFIXES.get(line.media["mime"], suffix)
        name = f"{self.files:03d}_{local:%m%d_%H%M}_{stem}{suffix}".replace("/", "_")
        (self.folder / name).write_bytes(self.house.services.media.get(line.media["sha"]))
        return name


def _speakers(line: SandboxMessage, names: Mapping[str, str], groups: Mapping[str, str]) -> str:
    """Who speaks to whom: in single chats both, in groups the group and the speaker."""
    group = groups.get(line.chat_id)
    person = names.get(line.person or line.chat_id, line.person or line.chat_id)
    speaker = BOT if line.direction == Direction.OUT else person
    if group is not None:
        return f"【{group}】{speaker}"
    return f"{BOT} → {person}" if line.direction == Direction.OUT else person


def _names(session: Session, lines: Sequence[SandboxMessage]) -> Mapping[str, str]:
    """What the people of these lines are called now: a stranger has another name once bound."""
    people = {line.person or line.chat_id for line in lines}
    rows = session.exec(
        select(Account.user_id, Member.name)
        .join(Member, col(Member.id) == col(Account.member_id))
        .where(Account.platform == NAME, col(Account.user_id).in_(people))
    ).all()
    return STRANGERS | dict(rows)


def _groups(session: Session) -> dict[str, str]:
    rows = session.exec(
        select(Door.address, Chat.name)
        .join(Chat, col(Chat.id) == col(Door.chat_id))
        .where(Door.platform == NAME, Chat.kind == ChatKind.GROUP)
    ).all()
    return dict(rows)


@dataclass
class Stage:
    """Lets people speak and time pass in one house, and notes down what is said."""

    #: Whose ids the people on it are known by.
    platform: ClassVar[str] = NAME
    house: "House"
    transcript: Transcript
    _messages: int = 0
    _quiet_until: datetime = _NOT_YET_KNOWN

    def go_to(self, moment: datetime) -> None:
        """Let time pass until *moment*; what falls due on the way is sent and noted."""
        since = self.house.clock()
        if moment <= since:
            return
        if moment >= self._quiet_until:
            # As House.advance does, but for the question at the end, when nothing is due.
            for stop in self._stops(since, moment):
                self.house.set_clock(stop)
                self.house.jobs.tick(stop)
                self._note()
            self._quiet_until = min(self._stops(moment, moment + _DAY), default=moment + _DAY)
        self.house.set_clock(moment)

    def _stops(self, since: datetime, until: datetime) -> list[datetime]:
        """Every instant with news in between.

        A report begun later is given up a day later at the earliest, so that a day can be foreseen.
        """
        with self.house.database.read() as session:
            return moments(session, self.house.services.registry, since, until)

    def wait(self, passed: timedelta) -> None:
        """Let a while pass."""
        self.go_to(self.house.clock() + passed)

    def say(
        self,
        person: str,
        text: str,
        *,
        chat: str = SINGLE,
        photos: Sequence[Photo] = (),
        times: int = 1,
    ) -> str:
        """Send one message, *times* over as a platform does that hears nothing; the answers."""
        self._messages += 1
        body = Body(
            id=f"demo-{self._messages}",
            person=person,
            chat=chat,
            text=text,
            uploads=[self._upload(each) for each in photos],
        )
        request = Request("POST", {}, {}, body.model_dump_json().encode())
        lines: list[SandboxMessage] = []
        for _ in range(times):
            self.house.door.accept(NAME, request)
            lines += self._note()  # before it is handled: whoever binds is a stranger until then
            self.house.work_off()
            lines += self._note()
        if times > 1:
            self.transcript.remark(f"平台把这条消息送达了{times}次，只办理一次")
        home = person if chat == SINGLE else chat
        return "\n".join(
            line.text or "[图片]"
            for line in lines
            if line.direction == Direction.OUT and line.chat_id in (home, person)
        )

    def _note(self) -> list[SandboxMessage]:
        return self.transcript.note_new()

    def _upload(self, photo: Photo) -> Upload:
        sha = self.house.services.media.put(photo.data)
        return Upload(sha=sha, name=photo.name, mime="image/jpeg", size=len(photo.data))
