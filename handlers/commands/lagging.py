"""滞后: which tasks are behind schedule, who leads them, and why."""

from handlers.context import Context
from handlers.lists import keep_list, page_asked, page_of
from handlers.registry import InGroup, command
from handlers.standing.tasks import data_date, standing
from handlers.supervising.choosing import programme_called
from handlers.supervising.lagging_text import behind, head, lagging_line
from handlers.supervising.scope import names_shown, wholly_readable
from models.errors import Refused
from models.member import RoleName
from models.message import Reply

#: Tasks on a page: more would not fit into one message on a phone.
MOST = 20
NOT_NAMED = "本群未开启点名，名单请在与我的单聊中发“滞后”查看。"


@command(
    "lagging",
    "滞后",
    "滞后名单",
    "滞后事项",
    usage="滞后 [专项]",
    about="哪些事项滞后：牵头单位、完成和序时、原因",
    roles=(RoleName.LEADER, RoleName.ADMIN),
    group=InGroup.ANSWER,
    alone=True,
    takes_typos=True,
)
def lagging(ctx: Context, rest: str) -> Reply:
    """The tasks behind at each programme's data date, numbered through; counts where unnamed."""
    programmes = wholly_readable(ctx)
    name, page = page_asked(rest)
    named = programme_called(ctx, name, programmes) if name else None
    if name and named is None:
        titles = "、".join(each.short_title for each in programmes)
        raise Refused(f"没有认出专项“{name[:20]}”。可查看：{titles}。")
    chosen = [named] if named else programmes
    zone = ctx.services.zone
    states = [
        standing(ctx.session, each, data_date(ctx.session, each, ctx.now, zone)) for each in chosen
    ]
    found = [(state, behind(state)) for state in states]
    heads = [head(state, tasks) for state, tasks in found]
    if not any(tasks for _, tasks in found):
        return Reply("\n".join(heads))
    if not names_shown(ctx):
        return Reply("\n".join([*heads, NOT_NAMED]))
    numbered = [(at, each) for at, (_, tasks) in enumerate(found) for each in tasks]
    places = page_of(page, len(numbered), MOST, f"滞后共{len(numbered)}项")
    lines: list[str] = []
    for number, (at, each) in list(enumerate(numbered, start=1))[places]:
        lines += [heads[at]] if heads[at] not in lines else []
        lines.append(f"{number}. {lagging_line(each)}")
    lines += [line for line in heads if line not in lines and len(numbered) <= MOST]
    codes = [f"{each.task.number} {chosen[at].code}" for at, each in numbered]
    keep_list(ctx, "进度 {}", codes)
    left = len(numbered) - places.stop
    more = f"其余{left}项请发“{f'滞后 {name}'.strip()} 第{page + 1}页”。" if left else ""
    return Reply("\n".join([*lines, f"{more}回复序号可看一项的详情。"]))
