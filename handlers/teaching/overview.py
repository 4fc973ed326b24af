"""The commands of a role in a few lines by subject, or one by one with what each does."""

from collections.abc import Iterable, Iterator

from handlers.context import Context
from handlers.registry import Command, InGroup
from models.member import ROLE_TITLES, RoleName

#: What belongs together, by the names of commands; whatever is not named here comes last.
SUBJECTS = {
    "填报中": (
        "confirm modify back restart resume take_crop shift_crop swap_picture drop_picture "
        "add_picture submit cancel"
    ),
    "报送": "tasks report nil amend withdraw activity contact upload",
    "审核": "pending accept send_back agree disagree reviewers audit",
    "催办": "missing chase status extend waive restore order close_order reopen_order",
    "进展": "progress show ranking lagging why outlook judge board",
    "发布": "publish_digest digest_times bulletin issue export",
    "专项": (
        "load template deadlines day_off day_off_back make_up make_up_back reminders quiet_hours "
        "alias alias_back register_group naming quota"
    ),
    "人员": "invite bind deputy who_am_i suggest",
}
#: Offered where they are needed, so that nobody has to remember them.
_NEVER_LISTED = (
    "help how keep_pictures amend_contact withdraw_contact amend_activity withdraw_activity"
)
_ORDER = (RoleName.LIAISON, RoleName.LEADER, RoleName.ADMIN, RoleName.OPERATOR)


def in_brief(context: Context) -> Iterator[str]:
    """One line a subject with the words of what the speaker may do."""
    known = {each.name: each for each in _allowed(context)}
    named = {name for names in SUBJECTS.values() for name in names.split()}
    for subject, names in SUBJECTS.items():
        words = [known[name].words[0] for name in names.split() if name in known]
        if words:
            yield f"{subject}：{'、'.join(words)}"
    others = [each.words[0] for name, each in known.items() if name not in named]
    if others:
        yield f"其他：{'、'.join(others)}"


def in_group(context: Context) -> str:
    """The words of what the speaker may do and a group may read; empty where there is nothing."""
    words = [each.words[0] for each in _allowed(context) if each.group == InGroup.ANSWER]
    return f"群里可发：{'、'.join(words)}。" if words else ""


def in_full(context: Context) -> Iterator[str]:
    """Commands for everyone, then those of each role the speaker holds, each told once."""
    allowed = _allowed(context)
    yield from _lines(each for each in allowed if not each.roles)
    told: set[str] = set()
    for role in _ORDER:
        own = [each for each in allowed if role in each.roles and each.name not in told]
        if own and context.speaker.has(role):
            yield f"【{ROLE_TITLES[role]}】"
            yield from _lines(own)
            told |= {each.name for each in own}


def usage_of(each: Command) -> str:
    """One command: how it is written, what it does, what else it may be called."""
    others = f"\n也可写作：{'、'.join(each.words[1:])}" if each.words[1:] else ""
    return f"{each.usage}\n{each.about}。{others}"


def _allowed(context: Context) -> list[Command]:
    hidden = _NEVER_LISTED.split()
    return [
        each
        for each in context.services.registry.commands.values()
        if each.name not in hidden and context.may(each)
    ]


def _lines(commands: Iterable[Command]) -> Iterator[str]:
    order = [name for names in SUBJECTS.values() for name in names.split()]
    place = {name: at for at, name in enumerate(order)}
    for each in sorted(commands, key=lambda each: place.get(each.name, len(place))):
        yield f"{each.usage}　{each.about}"
