"""The demonstration's script: forty days as data, and how each step of it is acted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session, col, select

from bot.demo_reports import DATES, Reporters, Work, caption_text, report_text
from bot.demo_stage import Photo, Stage
from bot.platforms.sandbox import SINGLE
from handlers.render.demo_pictures import GOOD, TOO_HIGH, TOO_SMALL, UPRIGHT, Scene, scene_picture
from models.errors import DajuanError
from models.member import Account, Role, RoleName
from models.submission import Submission, SubmissionState
from models.task import Task, TaskUnit, UnitRole

_DAYS = Path(__file__).with_name("demo_days.yaml")
_SIZES = {"good": GOOD, "too_high": TOO_HIGH, "upright": UPRIGHT, "too_small": TOO_SMALL}
_BLANK = re.compile(r"\{([^{}]+)\}")
_CODE = re.compile(r"绑定 ([A-Z0-9]{6})")
#: How many reports an admin passes with one message.
_AT_ONCE = 10
_ADMIN = "admin"


class DemoFailed(DajuanError):
    """The demonstration did not go as it must; the text says where and what."""


class Step(BaseModel):
    """One thing that somebody does.

    *say* may hold blanks: `{州1-7}` is the number of that task's newest report, `{code}` the last
    invite's. *reports* are sent complete and made up, *nil* as 无变化, *accept* passes all that
    wait but the tasks in *but*. *expect* must stand in the answers, *never* must not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: time | None = None
    who: str = ""
    chat: str = SINGLE
    say: str = ""
    photos: tuple[Literal["good", "too_high", "upright", "too_small"], ...] = ()
    scene: Annotated[Scene, Field(strict=False)] = Scene.STREET
    times: int = Field(default=1, ge=1)
    reports: tuple[str, ...] = ()
    nil: tuple[str, ...] = ()
    month: int = Field(default=0, ge=0, le=1)
    accept: bool = False
    but: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


Script = dict[date, tuple[Step, ...]]


def read_script() -> Script:
    """The steps of every day that has any."""
    raw = yaml.load(_DAYS.read_text("utf-8"), yaml.CSafeLoader)
    return {day: tuple(Step.model_validate(each) for each in steps) for day, steps in raw.items()}


@dataclass
class Actors:
    """Plays steps on a stage; raises DemoFailed where an answer is not as it must be."""

    stage: Stage
    random: Random = field(default_factory=lambda: Random("demo"))
    code: str = ""
    _photos: int = 0

    @cached_property
    def reporters(self) -> Reporters:
        """Who writes the reports."""
        return Reporters()

    def play(self, day: date, steps: Sequence[Step]) -> None:
        """One day's steps in order; those without a time follow within a few minutes."""
        for step in steps:
            if step.at is not None:
                zone = self.stage.house.services.zone
                self.stage.go_to(datetime.combine(day, step.at, zone))
            else:
                self._pause()
            self._act(step)

    def _pause(self) -> None:
        self.stage.wait(timedelta(seconds=self.random.randint(35, 150)))

    def _act(self, step: Step) -> None:
        if step.say or step.photos:
            self._say(step)
        for number in step.reports:
            self._report(number, step)
        for number in step.nil:
            self._require(self._speak(self._reporter(number), f"无变化 {number}"), step, "已收到 #")
        if step.accept:
            self._accept(step.but)

    def _say(self, step: Step) -> None:
        text = _BLANK.sub(lambda found: self._filled(found[1]), step.say)
        photos = [self._photo(kind, step.scene) for kind in step.photos]
        answer = self.stage.say(step.who, text, chat=step.chat, photos=photos, times=step.times)
        self._require(answer, step)
        if found := _CODE.search(answer):
            self.code = found[1]

    def _require(self, answer: str, step: Step, *also: str) -> None:
        at = self.stage.house.clock().astimezone(self.stage.house.services.zone)
        where = f"{at:%m-%d %H:%M} {step.who}“{(step.say or '报送')[:30]}”"
        for text in (*step.expect, *also):
            if text not in answer:
                raise DemoFailed(f"演示未按预期进行：{where}的回复应含“{text}”，实为：{answer!r}")
        for text in step.never:
            if text in answer:
                raise DemoFailed(f"演示未按预期进行：{where}的回复不应含“{text}”")

    def _report(self, number: str, step: Step) -> None:
        """A complete report; with its picture where the task asks for one."""
        work = self.reporters.work(number, step.month)
        who = step.who or self._reporter(number)
        self._pause()
        photos = [self._photo("good", work.facts.scene)] if work.facts.scene else []
        text = report_text(work)
        if photos:
            text = f"{text}\n{caption_text(work, self._taken(work))}"
        answer = self.stage.say(who, text, photos=photos)
        if self._is_above_target(work) and "请发“确认”" in answer:
            self._pause()
            answer = self.stage.say(who, "确认")
        self._require(answer, step, "已收到 #")

    def _speak(self, who: str, text: str) -> str:
        self._pause()
        return self.stage.say(who, text)

    def _taken(self, work: Work) -> date:
        return DATES[work.month] - timedelta(days=self.random.randint(2, 20))

    def _is_above_target(self, work: Work) -> bool:
        return any(
            each.target is not None and not each.threshold and work.value(each) > each.target
            for each in work.task.indicators
        )

    def _photo(self, kind: str, scene: Scene) -> Photo:
        self._photos += 1
        data = scene_picture(scene, _SIZES[kind], self._photos)
        return Photo(f"IMG_{2100 + self._photos}.jpg", data)

    def _filled(self, blank: str) -> str:
        if blank == "code":
            return self.code
        with self.stage.house.database.read() as session:
            found = session.exec(
                select(Submission.id)
                .join(Task, col(Task.id) == col(Submission.task_id))
                .where(Task.number == blank)
                .order_by(col(Submission.id).desc())
            ).first()
        if found is None:
            raise DemoFailed(f"演示未按预期进行：{blank} 还没有报送，无从编号")
        return str(found)

    def _reporter(self, number: str) -> str:
        """The account of the first liaison of the task's lead units."""
        with self.stage.house.database.read() as session:
            return _liaison_of(session, number, self.stage.platform)

    def _accept(self, but: Sequence[str]) -> None:
        """通过 for all that wait, ten at a time."""
        waiting = [*self._waiting(but)]
        for at in range(0, len(waiting), _AT_ONCE):
            numbers = waiting[at : at + _AT_ONCE]
            answer = self._speak(_ADMIN, f"通过 {' '.join(map(str, numbers))}")
            if answer.count("已通过：") != len(numbers):
                raise DemoFailed(f"演示未按预期进行：应通过{len(numbers)}件，回复为：{answer!r}")

    def _waiting(self, but: Sequence[str]) -> Iterator[int]:
        with self.stage.house.database.read() as session:
            rows = session.exec(
                select(Submission.id, Task.number)
                .join(Task, col(Task.id) == col(Submission.task_id))
                .where(Submission.state == SubmissionState.SUBMITTED)
                .order_by(col(Submission.id))
            ).all()
        yield from (number or 0 for number, task in rows if task not in but)


def _liaison_of(session: Session, number: str, platform: str) -> str:
    return (
        session.exec(
            select(Account.user_id)
            .join(Role, col(Role.member_id) == col(Account.member_id))
            .join(TaskUnit, col(TaskUnit.unit_id) == col(Role.unit_id))
            .join(Task, col(Task.id) == col(TaskUnit.task_id))
            .where(
                Task.number == number,
                TaskUnit.role == UnitRole.LEAD,
                Role.role == RoleName.LIAISON,
                Account.platform == platform,
            )
            .order_by(col(TaskUnit.position), col(Account.id))
        ).first()
        or ""
    )
