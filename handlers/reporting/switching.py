"""先报另一个州1-17, 回到上一个, 州1-8: words that leave the open report for another."""

import re

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reading.harmless import harmless
from handlers.reading.normalise import command_key, name_key, normalise
from handlers.reading.prose import read_prose
from handlers.reporting.begin import begin
from handlers.reporting.drafts import bring_first
from handlers.reporting.flow import ask_again
from handlers.reporting.naming import own_tasks_in
from handlers.reporting.owed import owed_listing
from handlers.reporting.underway import Begun, begun_called, names_of, under_way
from handlers.reporting.work import Work, open_work
from handlers.standing.matters import Matter
from models.draft import draft_of
from models.message import Reply
from models.task import Task

#: A longer message tells of the work.
_LONGEST = 80
_SWITCH = re.compile(
    r"\s*(?:那|好的?|我们?|还是|先|再|就|请|麻烦|现在|这就|要|想|[,\s])*"
    r"(?P<word>回到|回去|返回|退回到|切换到?|转到|转去|换成|换到|换|改|接着|继续|先|再|还是|要)[去来]?(?:把|将)?"
    r"(?:填写|填报|报送|上报|填|报|弄|做|搞|说)?(?:一下)?[\s,:]*"
)
_EARLIER = re.compile(
    r"(?:刚才|刚刚|之前|前面|上面|上|原来|先前|放下|没报完|没填完)的?(?:[那这]?一?[个项件])?(?:任务|报送|事项)?"
    r"(?:吧|了|报完|填完|[。!\s])*"
)
_OTHER = re.compile(
    r"(?:(?:另外?|别的?|其[他它]的?|下)(?:[那这]?一?[个项件])?|一[个项件])(?:任务|报送|事项)?[\s,:，：]*"
)


def redirected(work: Work, text: str) -> Reply | None:
    """The answer to words that leave *work* for another report; None for words that do not."""
    plain = normalise(text).strip()
    if not plain or len(plain) > _LONGEST:
        return None
    if name_key(plain) in _names(work.form.matter):
        return ask_again(work, "这一期正在填报：")
    aside = [each for each in under_way(work.context) if not each.is_open]
    named = next((each for each in aside if name_key(plain) in _names(each.matter)), None)
    if named is not None:
        return take_up(work.context, named)
    switch = _SWITCH.match(plain)
    if switch is None:
        return None
    return _switched(work, aside, plain[switch.end() :])


def take_up(context: Context, wanted: Begun) -> Reply:
    """The question of a report that was begun; what was put aside for it stays so."""
    draft = draft_of(context.session, context.speaker.id)
    assert draft is not None, "what is under way is kept in a draft"
    if not wanted.is_open:
        bring_first(draft, [wanted.obligation_id], context.now)
    work = open_work(context)
    assert work is not None, "the draft was just brought forward"
    others = [each for each in under_way(context) if not each.is_open]
    stays = f"另有放下的：{names_of(others)}。" if others else ""
    return ask_again(work, f"接着报 {work.form.name}。{stays}")


def other_task_in(work: Work, text: str) -> Task | None:
    """The speaker's own task that a short text names instead of the open one."""
    if len(text) > _LONGEST:
        return None
    named = own_tasks_in(work.context, text)
    is_of_open = any(each.id == work.form.task.id for each in named)
    return named[0] if named and not is_of_open else None


def offer_other(work: Work, text: str) -> Reply | None:
    """One digit begins the report of the other task that *text* names; None where it names none."""
    other = other_task_in(work, text)
    if other is None:
        return None
    is_told = bool(read_prose(text, work.context.today).figures)
    order = f"报送 {text.strip()}" if is_told else f"报送 {other.number}"
    keep_list(work.context, "{}", [order])
    named = harmless(Matter(other).name)
    return Reply(
        f"这句话没有写进 {work.form.name}，像是说 {named}。"
        f"报 {other.number} 请回复 1，{work.form.matter.number} 已填的内容保留。"
    )


def _names(matter: Matter) -> set[str]:
    task = matter.task
    called = (matter.number, matter.label, matter.name, *(() if matter.place else _of(task)))
    return set(map(name_key, called))


def _of(task: Task) -> tuple[str, ...]:
    return (task.number, task.title, *task.aliases)


def _switched(work: Work, aside: list[Begun], rest: str) -> Reply | None:
    context = work.context
    if aside and _EARLIER.fullmatch(rest):
        return take_up(context, aside[0])
    other = _OTHER.match(rest)
    named = rest[other.end() :] if other else rest
    if other and not command_key(named):
        return take_up(context, aside[0]) if len(aside) == 1 else _which(context)
    if (wanted := begun_called(aside, named)) is not None:
        return take_up(context, wanted)
    return begin(context, named) if other_task_in(work, named) is not None else None


def _which(context: Context) -> Reply | None:
    owed, listing = owed_listing(context, "报送 {}")
    return Reply(f"请问报送哪一项？\n{listing}") if owed else None
