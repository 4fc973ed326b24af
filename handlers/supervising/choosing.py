"""What a command's words mean: a programme, a round, a task, a unit; near ones are offered."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handlers.context import Context
from handlers.lists import entry_called, keep_list
from handlers.reading.clauses import read_clause
from handlers.reading.names import ACCEPT, Candidate, Name, find
from handlers.reading.normalise import name_key
from handlers.standing.matters import Matter, clause_matters
from handlers.standing.rounds import Round, round_called
from handlers.standing.tasks import short_name
from models.errors import Refused
from models.message import Reply
from models.programme import Programme
from models.task import Task
from models.unit import Unit, units_of

#: What names of offices have in common.
_OFFICE_WORDS = re.compile(r"^[省州市县]|(?:委员会|[局委办厅会市县区州])$")

#: So many units are named that a word comes near.
_MOST_NEAR = 3


@dataclass(frozen=True)
class Asked:
    """A programme and a round as far as they were named."""

    programme: Programme | None
    round: Round | None


def programme_and_round(
    ctx: Context, text: str, programmes: Sequence[Programme], words: str = "状态"
) -> Asked:
    """Reads `[专项] [期次]` behind *words* in either order; refused naming what can be said."""
    programme, wanted = None, None
    for word in text.split():
        if (found := round_called(word, ctx.today)) is not None:
            wanted = found
        elif (named := programme_called(ctx, word, programmes)) is not None:
            programme = named
        else:
            titles = "、".join(each.short_title for each in programmes)
            near = _near_units(ctx, word, programmes)
            raise Refused(
                f"没有认出“{word[:20]}”。{near}"
                f"可写专项（{titles}）和期次（如8月、9月20日），例如：\n"
                f"{words} {programmes[0].short_title} {ctx.today.month}月"
            )
    return Asked(programme, wanted)


def unit_called(
    ctx: Context, text: str, programmes: Sequence[Programme]
) -> tuple[Unit | None, str]:
    """The unit that one of the words surely names, or None, and the words that are left.

    A word that is the title of a programme or a round is left to them.
    """
    words = text.split()
    units, named = _units(ctx, programmes) if words else ([], [])
    for at, word in enumerate(words):
        if round_called(word, ctx.today) or programme_called(ctx, word, programmes):
            continue
        best = find(entry_called(ctx, word) or word, named).best
        if best is not None:
            return units[int(best.key)], " ".join([*words[:at], *words[at + 1 :]])
    return None, text


def _units(ctx: Context, programmes: Sequence[Programme]) -> tuple[list[Unit], list[Name]]:
    """Every unit of the areas of these programmes, and the names under which it is found."""
    areas = dict.fromkeys(programme.area_id for programme in programmes)
    units = [unit for area_id in areas for unit in units_of(ctx.session, area_id)]
    return units, [
        Name(str(at), "", unit.name, tuple(unit.aliases)) for at, unit in enumerate(units)
    ]


def _near_units(ctx: Context, word: str, programmes: Sequence[Programme]) -> str:
    """Which units a word comes near that surely names none; empty where it resembles no unit."""
    units, named = _units(ctx, programmes)
    near = [units[int(each.key)].name for each in find(word, named, most=_MOST_NEAR).candidates]
    return f"名称相近的单位有{'、'.join(near)}，请写全名重发。" if near else ""


def programme_called(
    ctx: Context, text: str, programmes: Sequence[Programme], *, by_part: bool = True
) -> Programme | None:
    """The programme of this code or title, or at this place of the list last shown.

    *by_part* takes a part of the title too; not where a task or unit may be meant as well.
    """
    word = name_key(entry_called(ctx, text) or text)
    if not word:
        return None
    whole = [p for p in programmes if word in map(name_key, (p.code, p.short_title, p.title))]
    part = [p for p in programmes if by_part and len(word) > 1 and word in name_key(p.title)]
    found = whole or part
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Subject:
    """What somebody asked about: a task of a programme, perhaps one clause of it, or a unit."""

    programme: Programme
    task: Task | None = None
    unit: Unit | None = None
    clause: Matter | None = None

    @property
    def label(self) -> str:
        """How it is offered in a list."""
        if self.task is not None:
            return f"{short_name(self.task)}（{self.programme.short_title}）"
        return self.unit.name if self.unit is not None else ""

    @property
    def word(self) -> str:
        """What to type to mean exactly this."""
        if self.task is not None:
            return self.task.number
        return self.unit.name if self.unit is not None else ""


def all_subjects(ctx: Context, programmes: Iterable[Programme]) -> list[Subject]:
    """Everything that has a name in these programmes: tasks, and each unit of their areas once."""
    tasks: list[Subject] = []
    units: dict[int, Subject] = {}
    for programme in programmes:
        rows = (task for task in ctx.tasks.values() if task.programme_id == programme.id)
        tasks += [Subject(programme, task=task) for task in rows]
        for unit in units_of(ctx.session, programme.area_id):
            units.setdefault(unit.id or 0, Subject(programme, unit=unit))
    return [*tasks, *units.values()]


def subject_called(
    ctx: Context, text: str, subjects: Iterable[Subject], template: str, names: str
) -> Subject | Reply:
    """The one subject that *text* names, or the numbered list of those that come near.

    Nothing near is guessed (domain: a name means one task). *template* is the command that a
    chosen number will repeat, such as `进度 {}`; refused where nothing resembles the name, with
    *names* saying where the right ones are found.
    """
    asked, subjects = _within_programme(entry_called(ctx, text) or text, list(subjects))
    exact = [each for each in subjects if name_key(each.word) == name_key(asked)]
    if len(exact) == 1:
        return exact[0]
    if (clause := _clause_called(ctx, asked, subjects)) is not None:
        return clause
    known = {str(at): each for at, each in enumerate(subjects)}
    match = find(asked, [named_as(key, each) for key, each in known.items()])
    if match.best is not None:
        return known[match.best.key]
    near = [known[each.key] for each in _near(match.candidates)]
    near = [each for each in near if _shares_its_own_words(asked, each)]
    if not near:
        kind = "这个单位或事项" if any(each.task for each in subjects) else "这个单位"
        raise Refused(f"没有找到“{asked[:30]}”{kind}。{names}")
    return _offer(ctx, near, template)


def _clause_called(ctx: Context, asked: str, subjects: Iterable[Subject]) -> Subject | None:
    """The clause that 政7-2 means, where just one of these tasks has it."""
    written = read_clause(asked)
    if written is None or written.text != asked.strip():
        return None
    tasks = [each for each in subjects if each.task is not None]
    wanted = [e for e in tasks if name_key(e.word) == name_key(written.head)]
    found = [
        replace(each, clause=matter)
        for each in wanted
        if each.task is not None
        for matter in clause_matters(ctx.session, [each.task])[each.task.id or 0]
        if matter.place == written.place
    ]
    return found[0] if len(found) == 1 else None


def _shares_its_own_words(asked: str, subject: Subject) -> bool:
    """Whether half of what is left of the name without 州 and 局 stands in the subject's names.

    州外星局 resembles every bureau of the prefecture, and means none of them. Names typed in
    letters are compared by their sound elsewhere.
    """
    stem = set(_OFFICE_WORDS.sub("", name_key(asked)))
    if not stem or all(char.isascii() for char in stem):
        return True
    called = named_as("", subject)
    known = set(name_key("".join((called.number, called.title, *called.aliases))))
    return len(stem & known) * 2 >= len(stem)


def _within_programme(asked: str, subjects: list[Subject]) -> tuple[str, list[Subject]]:
    """Numbers may repeat between programmes: a code or short title at the end picks one."""
    name, _, last = asked.strip().rpartition(" ")
    wanted = name_key(last)
    inside = [
        each
        for each in subjects
        if wanted in (name_key(each.programme.code), name_key(each.programme.short_title))
    ]
    return (name, inside) if name and inside else (asked.strip(), subjects)


def _near(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """The candidates worth offering: those that could be taken, or else all that came near."""
    likely = [each for each in candidates if each.score >= ACCEPT]
    return likely or candidates


def _offer(ctx: Context, subjects: Sequence[Subject], template: str) -> Reply:
    entries = [
        f"{each.word} {each.programme.code}" if each.task is not None else each.word
        for each in subjects
    ]
    keep_list(ctx, template, entries)
    lines = [f"{at}. {each.label}" for at, each in enumerate(subjects, start=1)]
    return Reply("\n".join(["您指的是哪一项？请回复序号：", *lines]))


def named_as(key: str, subject: Subject) -> Name:
    """The subject as names are looked up."""
    if subject.task is not None:
        task = subject.task
        return Name(key, task.number, task.title, tuple(task.aliases))
    unit = subject.unit
    return Name(key, "", unit.name if unit else "", tuple(unit.aliases) if unit else ())
