"""How well chat commands are understood: every message of the evaluation set through dispatch."""

import re
import shutil
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import Session, col, func, select

from handlers import phrases
from handlers.context import Context
from handlers.reading.normalise import clean, normalise
from handlers.registry import Command, Registry, discover
from models.audit import Audit
from models.db import open_database
from models.draft import Draft
from models.listing import Listing
from models.member import RoleName
from models.message import Reply
from models.obligation import Obligation
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.submission import Submission
from models.task import Task
from models.unit import Unit
from tests.conftest import at
from tests.factories import a_member
from tests.talk import Talk

CASES = Path(__file__).parent / "data" / "reading" / "commands.yaml"
NOW = at("2021-08-20T09:00")
PROGRAMMES = ("dajuan-2021", "minsheng-2021")
_ROLES = {"leader": RoleName.LEADER, "admin": RoleName.ADMIN}
_CLOSING = re.compile(r"[\s。.!！?？~～,，、\"”]+$")
_COURTESY = re.compile(r"[\s,，。!！]*(?:谢谢您?|辛苦了?|麻烦了|不好意思)[\s。!！🙏]*$")


@dataclass(frozen=True)
class Case:
    """One message, who sends it, and what it must be understood as."""

    text: str
    expect: dict[str, Any]
    role: str = "liaison"
    of: str = "州公安局"
    after: str = ""


@dataclass(frozen=True)
class Heard:
    """What became of a message: the first command that ran, and what was left behind."""

    command: str = ""
    rest: str = ""
    answer: str = ""
    task: str = ""
    changed: bool = False
    listed: bool = False


@dataclass
class CommandScore:
    """Of how many messages the understanding was right; *wrong* and *silent* name the others."""

    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The part that was right."""
        return 1 - len(self.wrong) / self.asked

    def __str__(self) -> str:
        right = self.asked - len(self.wrong)
        return f"{right} of {self.asked} right, {len(self.silent)} wrong silently"


def cases() -> list[Case]:
    """The evaluation set."""
    return [Case(**each) for each in yaml.load(CASES.read_text(encoding="utf-8"), yaml.CSafeLoader)]


class Hearing:
    """Two programmes loaded once; each message is heard by a copy of its own.

    The copies take turns under one address: statements are compiled once for all.
    """

    def __init__(self, folder: Path, template: Path) -> None:
        self._loaded, self._copy = folder / "loaded.db", folder / "case.db"
        shutil.copy(template, self._loaded)
        database = open_database(f"sqlite:///{self._loaded}")
        with database.write() as session:
            for code in PROGRAMMES:
                load(session, read_definition(code), NOW)
            _people(session)
            session.flush()
            self._before = _left(session)
        database.dispose()
        self._database = open_database(f"sqlite:///{self._copy}")
        self._ran: list[tuple[str, str]] = []
        self._registry = _recording(self._ran)

    def hear(self, case: Case) -> Heard:
        """What becomes of the message, sent by whom the case says."""
        for left in self._copy.parent.glob(f"{self._copy.name}*"):
            left.unlink()
        shutil.copy(self._loaded, self._copy)
        try:
            return self._heard(case)
        finally:
            self._database.dispose()

    def _heard(self, case: Case) -> Heard:
        database, before = self._database, self._before
        talk = Talk(database, now=NOW, empty=True)
        talk.services = replace(talk.services, registry=self._registry)
        person = str(_ROLES.get(case.role, case.of))
        if case.after:
            talk.say(person, case.after)
            with database.read() as session:
                before = _left(session)
        self._ran.clear()
        answer = "\n".join(talk.say(person, case.text))
        with database.read() as session:
            name, rest = self._ran[0] if self._ran else ("", "")
            is_listed = session.exec(select(func.count()).select_from(Listing)).one() > 0
            changed = _left(session) != before
            return Heard(name, rest, answer, _drafted(session), changed, is_listed)


def _people(session: Session) -> None:
    for role in _ROLES.values():
        a_member(session, str(role), (role, None))
    for unit in session.exec(select(Unit)).all():
        a_member(session, unit.name, (RoleName.LIAISON, unit))


def _recording(ran: list[tuple[str, str]]) -> Registry:
    """All commands; each notes in *ran* that it was called, and with what."""
    registry = Registry()
    for each in _registry().commands.values():
        registry.add_command(_recorded(each, ran))
    for digest in _registry().digests.values():
        registry.add_digest(digest)
    return registry


def _recorded(each: Command, ran: list[tuple[str, str]]) -> Command:
    def run(context: Context, rest: str) -> Reply | None:
        ran.append((each.name, rest))
        return each.run(context, rest)

    return replace(each, run=run)


def _left(session: Session) -> tuple[object, ...]:
    """Everything that a message may change, in numbers."""
    states = session.exec(
        select(Obligation.state, func.count())
        .group_by(col(Obligation.state))
        .order_by(col(Obligation.state))
    ).all()
    counts = [
        session.exec(select(func.count()).select_from(table)).one()
        for table in (Draft, Submission, Audit)
    ]
    return (*counts, *map(tuple, states))


def _drafted(session: Session) -> str:
    number = session.exec(
        select(Task.number)
        .join(Obligation, col(Obligation.task_id) == col(Task.id))
        .join(Draft, col(Draft.obligation_id) == col(Obligation.id))
    ).first()
    return number or ""


def judged(case: Case, heard: Heard) -> bool:
    """Whether the message was understood as the case says."""
    expect = case.expect
    if "talk" in expect:
        return not (heard.command or heard.changed or heard.listed)
    if "ask" in expect:
        is_question = bool(heard.answer) and phrases.NOT_UNDERSTOOD[:15] not in heard.answer
        same = heard.command == expect.get("command", heard.command)
        return same and is_question and not heard.changed
    right = heard.command == expect["command"] or _was_refused(heard, expect["command"])
    if right and "rest" in expect and heard.command:
        right = _plain(heard.rest) == expect["rest"]
    if right and "task" in expect:
        right = _is_about_task(heard, str(expect["task"]))
    if right and "unit" in expect:
        right = "请回复序号" not in heard.answer and _mentions(heard, str(expect["unit"]))
    return right


def _was_refused(heard: Heard, command: str) -> bool:
    """Whether the command was understood and refused for the speaker's role."""
    word = _registry().commands[command].words[0]
    return not heard.command and f"“{word}”仅限" in heard.answer


@lru_cache(maxsize=1)
def _registry() -> Registry:
    return discover()


def _is_about_task(heard: Heard, number: str) -> bool:
    if "仅限" in heard.answer:
        return True
    if "请回复序号" in heard.answer:
        return False
    if heard.task:
        return heard.task == number
    return re.search(rf"(?<![\w-]){re.escape(number)}(?![\d-])", heard.answer) is not None


def _mentions(heard: Heard, unit: str) -> bool:
    return "仅限" in heard.answer or unit in heard.answer


def _plain(rest: str) -> str:
    text = " ".join(normalise(clean(rest)).split())
    for _ in range(2):
        text = _CLOSING.sub("", _COURTESY.sub("", text))
    return text


def is_silent(case: Case, heard: Heard) -> bool:
    """Whether a wrong understanding did something without asking."""
    wanted = case.expect.get("command")
    return heard.changed or bool(heard.command and heard.command != wanted)


def command_scores(hearing: Hearing) -> CommandScore:
    """The whole set, heard one after another."""
    score = CommandScore()
    for case in cases():
        heard = hearing.hear(case)
        score.asked += 1
        if not judged(case, heard):
            score.wrong.append(case.text)
            if is_silent(case, heard):
                score.silent.append(case.text)
    return score
