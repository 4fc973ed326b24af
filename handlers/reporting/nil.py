"""A nil report: the last accepted figures once more, as of the end of the new period."""

import re
from dataclasses import replace

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reading.amounts import amounts_in
from handlers.reading.normalise import clean, normalise
from handlers.reading.sections import part_called
from handlers.reporting.choose import Choice, choose
from handlers.reporting.content import Content, FigureSaid
from handlers.reporting.drafts import open_draft
from handlers.reporting.form import Form
from handlers.reporting.handing import hand_in
from handlers.reporting.own_units import unit_meant, unit_named
from handlers.reporting.versions import said_again
from handlers.reporting.work import Work, open_work, work_on
from handlers.standing.matters import Matter
from models.errors import Refused
from models.figure import figures_of_version
from models.message import Reply
from models.rules.reporting import nil_refusal
from models.submission import last_accepted_version

_NIL = "(?:[本这]个?[月期])?(?:数据)?(?:无变化|没有?变化|没(?:有|啥|什么)变化|无新变化|零报告)"
_ONLY_NIL = re.compile(rf"{_NIL}[。.!！]*")
_NIL_BEHIND = re.compile(rf"(\S[^\n]{{0,40}}?)[\s，,：:、]{{0,8}}{_NIL}[。.!！]*")
_NIL_BEFORE = re.compile(rf"{_NIL}[\s，,：:、]{{0,8}}(\S[^\n]{{0,40}}?)[。.!！]*")


_LONGEST = 60
_SINCE = r"(?:上个?月份?|上期|上一?[次期回]|之前|以前|原来)"
_LOOSE = (
    r"(?:目前|现在|[这本]个?[月期](?:份)?|数据|数字|数量|进度|进展|情况|还是|也|都|就|数)*"
    r"(?:没(?:有|啥|什么)?(?:新的?|再|怎么|任何)*(?:动静?|进展|变动|变化|变|增加|新增)|原地不动"
    rf"|(?:[跟和与同]|维持|保持|还是){_SINCE}的?(?:数据?|数字|情况|进度)?(?:一样|相同|持平|一致|不变|差不多)?"
    rf"|(?:[跟和与]{_SINCE}的?)?持平|(?:维持|保持)(?:原状|不变)|照旧|老样子|不变)[了的]?"
)
_WORD_END = re.compile(r"[\s,;:。]+")
_LOOSE_BEHIND = re.compile(rf"(?:[\s,;。!]*{_LOOSE})+[\s,;。!]*$")


def report_nil(context: Context, matter: Matter, words: str = "") -> Reply:
    """Submit what was accepted last for the period that is owed; needs no sections.

    *words* may name the unit last, where each unit reports for itself. Refused as `nil_work` is.
    """
    work = nil_work(context, matter, words)
    return work if isinstance(work, Reply) else hand_in(work)


def nil_work(context: Context, matter: Matter, words: str = "") -> Work | Reply:
    """The report that repeats what holds, ready to be submitted, or the question for which unit.

    Raises Refused, before anything is changed, where a picture is compulsory each time or
    nothing was accepted before.
    """
    _refuse_during_correction(context)
    named, _ = unit_named(context, matter, words.split()[-1] if words.split() else "")
    unit = named or unit_meant(context, matter, None, f"无变化 {matter.number} {{}}")
    if isinstance(unit, Reply):
        return unit
    choice = choose(context, matter, None, unit)
    form = context.forms.of(choice.duty.obligation)
    figures = _last_figures(context, form, choice)
    has_accepted = figures is not None
    if refusal := nil_refusal(
        has_accepted=has_accepted, picture_compulsory=form.pictures_needed > 0
    ):
        more = "加内容和图片" if form.pictures_needed else "填报"
        raise Refused(f"{form.name}：{refusal}，请发“报送 {form.matter.number}”{more}。")
    draft, _ = open_draft(context, choice.duty.id, choice.unit_id)
    content = Content(
        as_of=min(form.covers[1], context.today) if form.covers else context.today,
        figures=figures or (),
        extras=tuple(form.before[each].said for each in form.extras if each in form.before),
        originals=(context.message.text.strip(),),
        messages=(context.inbox_id,),
        nil=True,
    )
    return replace(work_on(context, draft, choice.duty), content=content)


def _refuse_during_correction(context: Context) -> None:
    """Half a correction and a repetition contradict each other: the correction is settled first."""
    work = open_work(context)
    if work is not None and work.number is not None:
        raise Refused(
            f"{work.form.name} 正在更正 #{work.number}，尚未完成。请补发要改的内容；"
            "不更正了请先发“取消”，再发“无变化”。"
        )


def says_nil(text: str) -> bool:
    """Whether *text* says nothing but that nothing has changed."""
    return _ONLY_NIL.fullmatch(clean(text).strip()) is not None


def loose_nil(text: str) -> str | None:
    """What 这个月没动, 跟上个月一样 is said of, empty where only that is said; else None."""
    plain = normalise(text).strip()
    found = _LOOSE_BEHIND.search(plain) if len(plain) <= _LONGEST else None
    if found is None:
        return None
    name = plain[: found.start()].rstrip(" ,:;的是")
    # 完成1710个 措施：同上月 says so of its measures alone.
    is_of_part = part_called(_WORD_END.split(name)[-1:]) is not None or amounts_in(name)
    return None if is_of_part else name


def offer_nil(context: Context, matter: Matter) -> Reply:
    """One digit repeats what was accepted last."""
    keep_list(context, "{}", [f"无变化 {matter.number}"])
    return Reply(
        f"{matter.name} 按“无变化 {matter.number}”处理（沿用上次通过的数据）请回复 1；"
        f"有变化请发“报送 {matter.number}”加内容。"
    )


def nil_offered(work: Work, text: str) -> Reply | None:
    """The offer where nothing was said of the open report but that nothing changed."""
    if work.content.figures or work.number is not None:
        return None
    name = nil_name(text)
    name = loose_nil(text) if name is None else name
    matter = work.form.matter
    called = (matter.number, matter.label, work.form.task.title, *work.form.task.aliases)
    is_of_open = name is not None and (not name or name in map(normalise, called))
    return offer_nil(work.context, matter) if is_of_open else None


def nil_name(text: str) -> str | None:
    """The task's name in 州1-7无变化 or 无变化州1-7; None where that is not what *text* says."""
    plain = clean(text).strip()
    found = _NIL_BEHIND.fullmatch(plain) or _NIL_BEFORE.fullmatch(plain)
    return found[1] if found else None


def _last_figures(context: Context, form: Form, choice: Choice) -> tuple[FigureSaid, ...] | None:
    """What was accepted last, counties included; None where a part of it never was."""
    version = last_accepted_version(
        context.session,
        form.task.id or 0,
        clause_id=form.requirement.clause_id,
        unit_id=choice.unit_id if form.requirement.each else None,
    )
    whole = [form.last(each) for each in form.indicators]
    if any(each is None for each in whole) or not (whole or version):
        return None
    rows = figures_of_version(context.session, version.id or 0) if version else ()
    counties = [each for each in rows if each.unit_id is not None and each.indicator_id]
    return tuple(said_again(each, form) for each in [*whole, *counties] if each is not None)
