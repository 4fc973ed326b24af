"""An office of real processes whose platforms are the stand-ins, at a time that tests set."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select, update

from models.chat import ChatPurpose, chat_at
from models.db import Database, open_database
from models.lease import Lease
from models.member import Account, RoleName
from models.message import ChatKind
from models.programme import Programme
from tests.balancer import Balancer
from tests.conftest import SHANGHAI
from tests.connected import SECRET, move_to
from tests.factories import (
    MEASURES,
    NEXT,
    PROBLEMS,
    a_group,
    a_member,
    a_programme,
    a_requirement,
    a_task,
    a_unit,
    an_indicator,
    monthly,
)
from tests.served import Served, environment
from tests.twins.dingtalk.corp import Member as DingTalkMember
from tests.twins.dingtalk.environment import stream_settings
from tests.twins.dingtalk.twin import Twin as DingTalk
from tests.twins.stand_in import StandIn
from tests.twins.wecom.corp import Member as WecomMember
from tests.twins.wecom.environment import app_settings
from tests.twins.wecom.twin import Twin as Wecom

#: The office's groups, at DingTalk.
GROUPS = {
    "cidLiaisons==": ChatPurpose.LIAISONS,
    "cidLeaders==": ChatPurpose.LEADERS,
    "cidAdmins==": ChatPurpose.ADMINS,
}
OPERATOR = "operator"
#: Owes like the others and never writes: is reminded every day.
SILENT = "wsilent"
#: Each person reports on so many tasks, each once.
TASKS = 3
_PROGRAM = "tests.soak.program"


@dataclass(frozen=True)
class Person:
    """A liaison of a unit of their own, who writes by one platform."""

    account: str
    #: The number of each task, with the figure that is reported on it.
    figures: dict[str, str]

    @property
    def is_on_wecom(self) -> bool:
        return self.account.startswith("w")


@dataclass
class Office:
    """The processes, the people, and what the platforms were told."""

    folder: Path
    database: Database
    wecom: Wecom
    dingtalk: DingTalk | None
    people: list[Person]
    processes: list[Served] = field(default_factory=list)
    _ahead: float = 0.0

    def now(self) -> datetime:
        """The time of the office."""
        return datetime.fromtimestamp(self.wecom.clock.now(), SHANGHAI)

    def forward(self, seconds: float) -> None:
        """Let so many seconds pass at once, for the platforms and for every process."""
        for each in self.twins():
            each.clock.forward(seconds)
        self.set_ahead(self._ahead + seconds)

    def twins(self) -> list[StandIn]:
        """The platforms."""
        return [each for each in (self.wecom, self.dingtalk) if each is not None]

    def twin_of(self, address: str) -> StandIn:
        """The platform that somebody writes by, or that a group is at."""
        if self.dingtalk is None or address == OPERATOR or address.startswith("w"):
            return self.wecom
        return self.dingtalk

    def add_process(self, lease: float) -> Served:
        """One more process, not begun; the scheduler's lease holds for *lease* seconds."""
        program = (_PROGRAM, str(self.ahead_file), str(lease))
        self.processes.append(Served(self.folder, self._settings(), program))
        return self.processes[-1]

    @property
    def ahead_file(self) -> Path:
        """Where the processes read by how many seconds their clock is ahead."""
        return self.folder / "ahead"

    def environment(self) -> dict[str, str]:
        """What a process of the office finds set."""
        return environment(self.folder) | self._settings()

    def _settings(self) -> dict[str, str]:
        return {
            "SANDBOX": "false",
            "SECRET_KEY": SECRET,
            "DATABASE_URL": self.database.engine.url.render_as_string(hide_password=False),
            **app_settings(self.wecom),
            **(stream_settings(self.dingtalk) if self.dingtalk else {}),
        }

    def scheduler(self) -> str:
        """Who has the scheduler's lease; empty while nobody has."""
        with self.database.read() as session:
            found = session.exec(select(Lease.owner).where(Lease.name == "scheduler")).first()
        return found or ""

    def set_ahead(self, seconds: float) -> None:
        """By how much the processes' clocks are ahead of this machine's."""
        self._ahead = seconds
        aside = self.ahead_file.with_suffix(".new")
        aside.write_text(str(seconds))
        aside.replace(self.ahead_file)  # nobody reads half a figure

    def end(self) -> list[int]:
        """Stop every process in good order; the exit codes."""
        codes = [each.stop() for each in self.processes]
        self.processes.clear()
        return codes


@contextlib.contextmanager
def opened(
    folder: Path, url: str, start: datetime, *, on_wecom: int, on_dingtalk: int = 0
) -> Iterator[Office]:
    """An office on the empty migrated database at *url*, where it is *start* now."""
    folder.mkdir(parents=True, exist_ok=True)
    accounts = [f"w{n:02}" for n in range(on_wecom)] + [f"d{n:02}" for n in range(on_dingtalk)]
    with contextlib.ExitStack() as stack:
        database = open_database(url)
        stack.callback(database.dispose)
        with database.write() as session:
            people = _people(session, accounts)
            _others(session, start, GROUPS if on_dingtalk else {})
        ahead, moment = start.timestamp() - time.time(), start.timestamp()
        by_dingtalk = [each for each in accounts if each.startswith("d")]
        by_wecom = [each for each in (*accounts, OPERATOR, SILENT) if not each.startswith("d")]
        members = [WecomMember(each, each) for each in by_wecom]
        wecom = stack.enter_context(Wecom(now=moment, live=True, members=members))
        dingtalk = None
        if on_dingtalk:
            others = [DingTalkMember(each, each) for each in by_dingtalk]
            dingtalk = stack.enter_context(DingTalk(now=moment, live=True, members=others))
            for address in GROUPS:
                dingtalk.corp.meets(address, *by_dingtalk)
        office = Office(folder, database, wecom, dingtalk, people)
        office.set_ahead(ahead)
        try:
            yield office
        finally:
            for each in office.processes:
                each.kill()
            office.end()


@contextlib.contextmanager
def balanced(office: Office) -> Iterator[Balancer]:
    """The processes of an office behind one address, by which WeCom calls."""
    with Balancer([each.port for each in office.processes]) as balancer:
        office.wecom.app.callback_url = f"{balancer.url}/webhooks/wecom/app"
        yield balancer


def wait_for(office: Office, seconds: float = 120) -> None:
    """Return once every process answers, and hears where it has a connection."""
    for each in office.processes:
        each.wait_until_ready(seconds)
    if office.dingtalk is not None:
        office.dingtalk.gateway.stands(len(office.processes), seconds=seconds)


def _people(session: Session, accounts: list[str]) -> list[Person]:
    """A unit for each with its liaison, and what it owes every month; those who write."""
    programme = a_programme(session, "soak-2021", "压力演练", default_day=20)
    *people, _ = [_person(session, programme, n, a) for n, a in enumerate([*accounts, SILENT])]
    return people


def _person(session: Session, programme: Programme, number: int, account: str) -> Person:
    unit = a_unit(session, f"第{number}局")
    a_member(session, f"联络员{number}", (RoleName.LIAISON, unit), account=account)
    figures = {f"事{number}-{k}": f"{1000 + 10 * number + k}" for k in range(TASKS)}
    for place in figures:
        task = a_task(session, programme, place, f"第{place[1:]}件实事", [unit])
        an_indicator(session, task, f"安防设备{place[1:]}", "个", "6000")
        needed = a_requirement(session, task, sections=(MEASURES, PROBLEMS, NEXT))
        monthly(session, task, [unit], needed)
    return Person(account, figures)


def _others(session: Session, now: datetime, groups: Mapping[str, ChatPurpose]) -> None:
    """An operator, the groups, and everybody at the platform that they write by."""
    a_member(session, "运维", (RoleName.OPERATOR, None), account=OPERATOR)
    for address, purpose in groups.items():
        a_group(session, address, purpose, names_laggards=True)
    move_to(session, "dingtalk")
    by_wecom = ~col(Account.user_id).like("d%")
    session.exec(update(Account).where(by_wecom).values(platform="wecom"))
    # Everybody has written before: only to a chat that is known can reminders and alarms go.
    for each in session.exec(select(Account)).all():
        chat_at(session, each.platform, each.user_id, ChatKind.SINGLE, now)
