"""The words for what is known of a task besides its figures, short enough for a phone."""

from collections.abc import Iterator, Mapping
from datetime import date

from handlers.reading.harmless import harmless
from handlers.reporting.texts import day_text
from handlers.standing.clauses import ClauseStanding
from handlers.standing.facts import Facts, Told
from handlers.standing.policy import activity_policy, comment_policy, verification_policy
from handlers.standing.tasks import TaskStanding
from handlers.supervising.activity_text import counts_text, lacking_text, matrix_of, ticks_text
from handlers.supervising.contact_text import contact_text
from handlers.supervising.outlook_text import entries_text, level_text
from handlers.supervising.texts import some
from models.note import NoteKind
from models.programme import Programme
from models.rules.comments import Counts, comment_state
from models.rules.rounding import number_text, percent_text
from models.rules.verification import Pair, Step, Verdict, VerificationPolicy, verification
from models.task import UnitRole

MOST_CONTACTS = 3
MOST_UNITS = 4
LONGEST_NOTE = 120
_ROLES = {UnitRole.LEAD: "牵头", UnitRole.SHARED: "按职责分工", UnitRole.EACH: "分别负责"}
_NOTES = {NoteKind.PROGRESS: "进展", NoteKind.PROBLEM: "问题"}
_VERDICTS = {
    Verdict.KEPT: "已达要求",
    Verdict.TOO_WIDE: "未达要求",
    Verdict.UNKNOWN: "数据不全，暂不能判断",
}


def fact_lines(
    each: TaskStanding,
    facts: Facts,
    programme: Programme,
    day: date,
    today: date,
    states: Mapping[int, str],
    *,
    named: bool,
) -> Iterator[str]:
    """What applies to the task, a line each; units stay out where they are not *named*.

    *states* say of its clauses, by their ids, how their reports stand.
    """
    for place, clause in enumerate(facts.clauses, start=1):
        yield f"分工{place}：{clause_text(clause, named=named)}"
        id_ = clause.clause.id or 0
        yield from (f"　{line}" for line in clause_lines(facts, id_, states, named=named))
    yield from _outlook_lines(facts, named=named)
    yield from _award_lines(facts)
    yield from _note_lines(facts.notes)
    yield from _verified_lines(each, facts, programme, day)
    yield from _comment_lines(facts, programme)
    yield from _activity_lines(facts, programme, today)
    yield from _contact_lines(facts, today, named=named)


def clause_text(each: ClauseStanding, *, named: bool) -> str:
    """What a clause asks for, and of whom."""
    return f"{harmless(each.clause.text)}{f'（{_clause_units(each)}）' if named else ''}"


def clause_lines(
    facts: Facts, clause_id: int, states: Mapping[int, str], *, named: bool, most: int = 0
) -> Iterator[str]:
    """How the reports on a clause stand and what the last one says, cut at *most* characters."""
    if named and clause_id in states:
        yield f"报送：{states[clause_id]}"
    yield from _note_lines(facts.clause_notes.get(clause_id, {}), named=named, most=most)


def _note_lines(
    notes: Mapping[NoteKind, Told], *, named: bool = True, most: int = 0
) -> Iterator[str]:
    for kind, title in _NOTES.items():
        if (told := notes.get(kind)) is not None:
            of = f"，{told.of}" if told.of and named else ""
            yield f"{title}（{day_text(told.as_of)}{of}）：{_short(told, most or LONGEST_NOTE)}"


def _clause_units(each: ClauseStanding) -> str:
    """Who does it; groups without names (有关部门) stand behind the units that have one."""
    responsible = some([*each.lead, *each.clause.unnamed], MOST_UNITS)
    helping = f"；配合：{some(each.supporting, MOST_UNITS)}" if each.supporting else ""
    return f"{_ROLES[UnitRole(each.clause.role)]}：{responsible}{helping}"


def _outlook_lines(facts: Facts, *, named: bool) -> Iterator[str]:
    if facts.outlook.level is None:
        return
    yield f"研判：{level_text(facts.outlook)}"
    entries = entries_text(facts.outlook, facts.units)
    if entries and named:
        yield f"　{entries}"


def _award_lines(facts: Facts) -> Iterator[str]:
    """2021 花垣县；2020 无；2019 未设: newest first, for every year the programme knows."""
    if not facts.award_years:
        return
    told = [f"{year} {_winners(facts, year)}" for year in reversed(facts.award_years)]
    yield f"获奖：{'；'.join(told)}"


def _winners(facts: Facts, year: int) -> str:
    winners = facts.awards.get(year)
    if winners is None:
        return "未设"
    return "、".join(winners) if winners else "无"


def _short(told: Told, most: int) -> str:
    text = "；".join(harmless(each).rstrip("。；") for each in told.texts)
    return f"{text[:most]}……" if len(text) > most else text


def _verified_lines(
    each: TaskStanding, facts: Facts, programme: Programme, day: date
) -> Iterator[str]:
    """Acceptance beside what was reported, the gap, and what the programme demands by when."""
    policy = verification_policy(programme)
    is_asked = any(row.verified for row in facts.requirements)
    if each.verified is None and not is_asked:
        return
    pair = Pair(each.task.number, each.progress.done, each.verified)
    share = "尚无通过的数据" if pair.verified is None else percent_text(pair.verified)
    yield f"验收进度：{share}{_gap(pair)}{_verdict(pair, policy, day)}"


def _gap(pair: Pair) -> str:
    if pair.done is None or pair.verified is None or pair.gap is None:
        return ""
    done = percent_text(pair.done)
    if pair.gap <= 0:
        return f"（进度{done}，验收未落后）"
    return f"（进度{done}，相差{number_text(pair.gap)}个百分点）"


def _verdict(pair: Pair, policy: VerificationPolicy | None, day: date) -> str:
    if policy is None:
        return ""
    found = verification([pair], policy, day)
    verdict = _VERDICTS.get(found.items[0].verdict, "")
    held = f"；{found.holding.text}：{verdict}" if found.holding and verdict else ""
    return f"{held}{_coming(found.coming, ready=found.items[0].ready)}"


def _coming(step: Step | None, *, ready: bool | None) -> str:
    if step is None:
        return ""
    return f"；{step.text}{'（目前已符合）' if ready else ''}"


def _comment_lines(facts: Facts, programme: Programme) -> Iterator[str]:
    if facts.comments is None:
        if any(row.comments for row in facts.requirements):
            yield "群众意见：尚无通过的数据"
        return
    row, policy = facts.comments, comment_policy(programme)
    counts = Counts(row.received, row.handled)
    state = comment_state([counts], policy=policy)
    rate = ""
    if state is not None and state.rate is not None:
        short = "" if state.kept else f"，要求{percent_text(policy.handled, 0)}"
        rate = f"，办理率{percent_text(state.rate)}{short}"
    yield f"群众意见（{day_text(row.as_of)}）：{counts.text}{rate}"


def _activity_lines(facts: Facts, programme: Programme, today: date) -> Iterator[str]:
    """The ticked months of a project, or how many items a task had in each month."""
    policy = activity_policy(programme)
    is_owed = policy is not None and facts.project is not None
    if not facts.activities and not is_owed:
        return
    name = harmless(facts.project.name) if facts.project else ""
    matrix = matrix_of(name, facts.activities, programme.year, today, policy)
    if matrix is None:
        return
    of_project = f"（{name}）" if name else ""
    shown = ticks_text(matrix) if facts.project else counts_text(matrix)
    yield f"动态{of_project}：{shown}"
    if policy is not None and is_owed:
        yield f"　{lacking_text(matrix, policy, today)}"


def _contact_lines(facts: Facts, today: date, *, named: bool) -> Iterator[str]:
    if not facts.contacts:
        return
    more = f"，最近{MOST_CONTACTS}次" if len(facts.contacts) > MOST_CONTACTS else ""
    yield f"对接共{len(facts.contacts)}次{more}："
    for each in facts.contacts[:MOST_CONTACTS]:
        unit = facts.units.get(each.row.unit_id or 0, "") if named else ""
        yield f"　{contact_text(each.row, unit, today)}（对接{each.number}）"
