"""What a person wants to report on: a task or one of its clauses, by whatever they call it."""

from collections.abc import Iterable, Mapping, Sequence

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reading.clauses import read_clause
from handlers.reading.mentions import LONGEST, WHOLE, named
from handlers.reading.names import ACCEPT, MARGIN, Candidate, How, Match, Name, find
from handlers.reading.normalise import name_key
from handlers.reading.task_numbers import number_key
from handlers.reporting.choose import not_own, owed_now, own_duties, ready
from handlers.standing.duties import DutyStanding
from handlers.standing.matters import Matter, clause_matters
from models.errors import Refused
from models.indicator import indicators_of
from models.message import Reply
from models.programme import Programme
from models.task import Task

#: A shorter name of an indicator is too often an ordinary word.
_SHORTEST = 4
#: 法援: a task's name in two or three characters of it.
_LONGEST_SHORT = 4
_WHICH = "请问是哪一项？请回复序号："


def matter_named(context: Context, query: str, template: str) -> Matter | Reply:
    """What *query* means for this speaker, or the question which; Refused where it means nothing.

    A name that several tasks bear means the one for which the speaker owes a report now, and a
    task of several clauses the clause of theirs that is owed. Where that does not decide, the
    candidates are listed and the next message picks by number: *template* is the command to
    repeat.
    """
    if (clause := clause_named(context, query)) is not None:
        return clause[0]
    tasks = _tasks(context)
    match = _numbered(context, query) or find(_without_code(query), _names(tasks))
    tasks = _of_code(context, query, tasks)
    near = [tasks[int(each.key)] for each in _near(match) if int(each.key) in tasks]
    if not near:
        own_clauses = [each.matter for each in own_duties(context)]
        if (by_text := _by_text(own_clauses, query)) is not None:
            return by_text
        raise Refused(_unknown(context, query, match, tasks))
    own = own_duties(context, [task.id or 0 for task in near])
    if len(near) > 1 and not own:
        raise Refused(not_own(context, Matter(near[0])))
    if len(near) == 1 and not any(each.matter.clause for each in own):
        return Matter(near[0])
    wanted = _sensible(context, near, own)
    if len(wanted) == 1:
        return wanted[0]
    if (by_text := _by_text(wanted, query)) is not None:
        return by_text
    if len({each.task.id for each in wanted}) == 1 and not ready(own, context):
        # Nothing of the task is owed: that is said of all its clauses at once.
        return Matter(wanted[0].task)
    return _offered(context, wanted, template)


def clause_named(context: Context, text: str) -> tuple[Matter, str] | None:
    """The clause that *text* begins with and how it was written; None where it names none.

    Raises Refused for a place that the task does not have.
    """
    written = read_clause(_without_code(text))
    if written is None:
        return None
    tasks = _of_code(context, text, _tasks(context))
    if written.by_number:
        match = _numbered(context, written.head) or Match((), False)
    else:
        match = find(written.head, _names(tasks))
    near = [each for each in _near(match) if int(each.key) in tasks]
    clauses = clause_matters(context.session, [tasks[int(each.key)] for each in near])
    of_tasks = [each for each in clauses.values() if each]
    if not of_tasks:
        return None
    found = [each[written.place - 1] for each in of_tasks if written.place <= len(each)]
    if not found:
        number, count = of_tasks[0][0].task.number, len(of_tasks[0])
        raise Refused(
            f"{number} 共{count}项分工，没有第{written.place}项。请发“报送 {number}”选择。"
        )
    own = [each for each in found if len(found) > 1 and _is_own(context, each)]
    return (own or found)[0], text[: text.find(written.text) + len(written.text)].lstrip()


def is_known(context: Context, name: str) -> bool:
    """Whether some task or clause is so named, be it one of several."""
    if clause_named(context, name) is not None:
        return True
    return bool(_near(find(name, _names(_tasks(context)))))


def abbreviated(context: Context, name: str) -> Task | None:
    """The one own task of which *name* is short: 法援 for 法律援助; None for none or several."""
    key = name_key(name)
    if not 2 <= len(key) <= _LONGEST_SHORT:
        return None
    own = {each.task.id: each.task for each in own_duties(context)}
    found = [
        task
        for task in own.values()
        if any(_is_short_of(key, name_key(each)) for each in (task.title, *task.aliases))
    ]
    return found[0] if len(found) == 1 else None


def _is_short_of(short: str, name: str) -> bool:
    """Whether its characters stand in the name in their order, the first at its beginning."""
    rest = iter(name)
    is_in_order = all(char in rest for char in short)
    return is_in_order and name[:1] == short[:1] and len(short) < len(name) <= 3 * len(short)


def is_own(context: Context, name: str) -> bool:
    """Whether *name* surely means a task or a clause of the speaker's units."""
    if (clause := clause_named(context, name)) is not None:
        return _is_own(context, clause[0])
    near = _near(find(name, _names(_tasks(context))))
    return bool(near) and bool(own_duties(context, [int(each.key) for each in near]))


def matter_in(context: Context, text: str, template: str) -> Matter | Reply | None:
    """The speaker's own task of which a sentence gives the number or the whole name.

    None where it gives none; the question which where it may be several, as `matter_named`.
    """
    near = own_tasks_in(context, text)
    wanted = _sensible(context, near, own_duties(context, [task.id or 0 for task in near]))
    if len(wanted) > 1:
        return _offered(context, wanted, template)
    return wanted[0] if wanted else None


def own_tasks_in(context: Context, text: str) -> list[Task]:
    """The tasks of the speaker's units whose number or whole name stands in a sentence.

    Where none does, those of which it names an indicator in full.
    """
    own = {each.task.id or 0: each.task for each in own_duties(context)}
    found = named(text[:LONGEST], _names(own)).candidates
    is_whole = (How.NUMBER, How.NAME)
    if whole := [own[int(e.key)] for e in found if e.how in is_whole and e.score >= WHOLE]:
        return whole
    key = name_key(text[:LONGEST])
    indicators = indicators_of(context.session, own)
    return [
        task
        for id_, task in own.items()
        if any(len(name := name_key(i.name)) >= _SHORTEST and name in key for i in indicators[id_])
    ]


def entry_of(matter: Matter, programme: Programme, among: Iterable[DutyStanding]) -> str:
    """What a list repeats for it: its number, with the programme where two share one."""
    codes = {each.programme.code for each in among if each.task.number == matter.task.number}
    return f"{programme.code}:{matter.number}" if codes - {programme.code} else matter.number


def _is_own(context: Context, matter: Matter) -> bool:
    own = own_duties(context, [matter.task.id or 0])
    return any(each.matter.clause_id == matter.clause_id for each in own)


def _tasks(context: Context) -> dict[int, Task]:
    return dict(context.tasks)


def _names(tasks: Mapping[int, Task]) -> list[Name]:
    return [
        Name(str(key), task.number, task.title, tuple(task.aliases)) for key, task in tasks.items()
    ]


def _numbered(context: Context, text: str) -> Match | None:
    """The tasks that have just this number; None where there is none.

    Of numbers alone most messages consist: for them no name needs to be compared.
    """
    number = number_key(_without_code(text))
    tasks = () if number.isdigit() else context.numbered.get(number, ())
    found = tuple(Candidate(str(task.id), 100.0, How.NUMBER) for task in tasks)
    return Match(found, len(found) == 1) if found else None


def _near(match: Match) -> list[Candidate]:
    """The one that is sure, or all that stand too close together to choose between them."""
    if match.best:
        return [match.best]
    likely = [each for each in match.candidates if each.score >= ACCEPT]
    return [each for each in likely if likely[0].score - each.score < MARGIN]


def _sensible(context: Context, near: Sequence[Task], own: Sequence[DutyStanding]) -> list[Matter]:
    """Of what may be meant, that which the speaker owes now, or else all of their own.

    The likeliest task first, its clauses in printed order.
    """
    owed = ready(own, context) or own
    order = {task.id: at for at, task in enumerate(near)}
    found = {(order[each.task.id], each.matter.place): each.matter for each in owed}
    return [found[key] for key in sorted(found)]


def _offered(context: Context, wanted: Sequence[Matter], template: str) -> Reply:
    """The candidates as a numbered list."""
    programmes = {each.id: each for each in context.programmes}
    repeated = [each.number for each in wanted]
    entries = [
        each.number
        if repeated.count(each.number) == 1
        else f"{programmes[each.task.programme_id].code}:{each.number}"
        for each in wanted
    ]
    keep_list(context, template, entries)
    numbered = [
        f"{n}. {each.name}（{programmes[each.task.programme_id].short_title}）"
        for n, each in enumerate(wanted, 1)
    ]
    return Reply("\n".join([_WHICH, *numbered]))


def _without_code(query: str) -> str:
    code, mark, number = query.partition(":")
    return number if mark and code.isascii() else query


def _of_code(context: Context, query: str, tasks: dict[int, Task]) -> dict[int, Task]:
    code, mark, _ = query.partition(":")
    wanted = [each.id for each in context.programmes if mark and each.code == code]
    if not wanted:
        return tasks
    return {key: task for key, task in tasks.items() if task.programme_id in wanted}


def _by_text(matters: Iterable[Matter], query: str) -> Matter | None:
    """The clause whose text *query* surely means."""
    known = {each.clause_id or 0: each for each in matters}
    texts = [Name(str(key), "", m.clause.text) for key, m in known.items() if m.clause]
    best = find(query, texts).best
    return known[int(best.key)] if best else None


def _unknown(context: Context, query: str, match: Match, tasks: Mapping[int, Task]) -> str:
    """No such task: what may have been meant, and the speaker's own tasks to choose from."""
    asked = query.split("\n")[0][:20]
    if asked.strip("# ").isdecimal():
        number = asked.strip("# ")
        return (
            f"“{number}”不是任务编号。要改已报送的 #{number}，请发“更正 {number}”加内容；"
            "要报送请先发“任务”，再回复序号。"
        )
    known = [tasks[int(c.key)] for c in match.candidates if int(c.key) in tasks]
    if maybe := [Matter(task).name for task in known]:
        return f"没有找到任务“{asked}”。是不是：{'、'.join(maybe[:3])}？请发“报送”加任务编号。"
    if own := list(dict.fromkeys(each.name for each in owed_now(context)))[:5]:
        return f"没有找到任务“{asked}”。您现在待报：{'、'.join(own)}。请发“报送”加任务编号。"
    return f"没有找到任务“{asked}”。请发“任务”查看编号，再发“报送”加编号。"
