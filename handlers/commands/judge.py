"""评定: an admin sets a task's status instead of the rule, with the reason."""

import re

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reading.harmless import harmless
from handlers.reading.normalise import clean, command_key
from handlers.reading.slips import is_slip
from handlers.reading.until import without_label
from handlers.registry import InGroup, command
from handlers.standing.policy import status_policy
from handlers.supervising.choosing import Subject, programme_called, subject_called
from handlers.supervising.first_word import first_word, repeated
from handlers.supervising.judging import (
    Judged,
    judge,
    judged,
    labels_of,
    overview,
    shown,
    withdraw,
)
from handlers.supervising.scope import administered
from models.errors import Refused
from models.member import RoleName
from models.message import Reply
from models.rules.status import SPOKEN, Band
from models.task import tasks_of

NAMES = "任务编号请发“进度”加单位名称查看。"
LONGEST_REASON = 200
_LEAD = re.compile(r"^(?:评定|状态)?(?:评为|定为|改为|调整为|为|是)[\s:：]*")
_BACK = ("取消", "撤销", "撤回")
#: 取消 said before the task, as with 延期 取消.
_BACK_FIRST = re.compile(rf"^({'|'.join(_BACK)})\s+(.+)$")
_LABEL = re.compile(r"[^\s:：,，;；。（(]+")


@command(
    "judge",
    "评定",
    "改评",
    usage="评定 州1-1 滞后 原因",
    about="由管理员评定一项的状态（注明评定和原因）；“评定 州1-1 取消”恢复按规则判定",
    roles=(RoleName.ADMIN,),
    group=InGroup.REFUSE,
)
def judge_status(ctx: Context, rest: str) -> Reply:
    """A status judged or left to the rule again; else how the task or the programme stands."""
    programmes = administered(ctx)
    named = programme_called(ctx, rest, programmes, by_part=False)
    if named is not None or not rest.strip():
        return Reply("\n".join(overview(ctx, [named] if named else programmes)))
    name, words = first_word(_BACK_FIRST.sub(r"\2 \1", clean(rest).strip()), programmes)
    subjects = [
        Subject(programme, task=task)
        for programme in programmes
        for task in tasks_of(ctx.session, programme.id or 0)
    ]
    subject = subject_called(ctx, name, subjects, repeated("评定 {}", words), NAMES)
    if isinstance(subject, Reply):
        return subject
    if subject.task is None:
        raise Refused(NAMES)
    case = judged(ctx, subject.programme, subject.task)
    if not words.strip():
        return Reply("\n".join(shown(case)))
    if command_key(words) in _BACK:
        return Reply("\n".join(withdraw(ctx, case)))
    return _judged(ctx, case, _LEAD.sub("", words.strip()))


def _judged(ctx: Context, case: Judged, words: str) -> Reply:
    found = _LABEL.match(words)
    label = found[0] if found else ""
    reason = without_label(words[len(label) :])[:LONGEST_REASON]
    bands = status_policy(case.programme).meant(label)
    number = f"{case.task.number} {case.programme.code}"
    if len(bands) > 1:
        return _offered(ctx, number, bands, reason)
    if not bands:
        return _unknown(ctx, case, number, label, reason)
    if not reason:
        raise Refused(
            f"评定需要写明原因，状态没有变。例如：\n评定 {case.task.number} {label} 二期4所未建成"
        )
    return Reply("\n".join(judge(ctx, case, bands[0], reason)))


def _offered(ctx: Context, number: str, bands: tuple[Band, ...], reason: str) -> Reply:
    labels = [band.label for band in bands]
    keep_list(ctx, _again(number, reason), labels)
    lines = [f"{at}. {label}" for at, label in enumerate(labels, start=1)]
    return Reply("\n".join(["您指的是哪一档？请回复序号：", *lines]))


def _again(number: str, reason: str) -> str:
    return repeated(f"评定 {number} {{}}", reason)


def _unknown(ctx: Context, case: Judged, number: str, label: str, reason: str) -> Reply:
    """A label that is none: the one it is a slip of is offered, else all are named."""
    known = labels_of(case.programme)
    words = [*known, *(word for spoken in SPOKEN.values() for word in spoken)]
    near = next((word for word in words if is_slip(command_key(label), command_key(word))), None)
    bands = status_policy(case.programme).meant(near) if near else ()
    if len(bands) == 1 and reason:
        keep_list(ctx, _again(number, reason), [bands[0].label])
        return Reply(f"您是要评定为“{bands[0].label}”吗？回复 1 执行。")
    raise Refused(
        f"没有认出档次“{harmless(label[:20])}”，状态没有变。档次有：{'、'.join(known)}。"
        f"请发如：评定 {case.task.number} {known[-1]} 原因"
    )
