"""取消: gives up the open report or correction, or one put aside; what was submitted stays."""

from handlers.context import Context
from handlers.reading.normalise import command_key
from handlers.registry import InGroup, command
from handlers.reporting.drafts import forget_parked
from handlers.reporting.handing import end
from handlers.reporting.naming import is_known
from handlers.reporting.underway import begun_called, names_of, under_way
from handlers.reporting.waiting import take_waiting
from handlers.reporting.work import Work, open_work
from models.member import RoleName
from models.message import Reply

_ALL = frozenset(("全部", "所有", "全部报送", "所有报送", "全都", "都不报了"))


@command(
    "cancel",
    "取消",
    "取消报送",
    "不报了",
    "算了不报了",
    "放弃",
    usage="取消 [任务编号或全部]",
    about="放弃填写中的报送",
    roles=(RoleName.LIAISON,),
    group=InGroup.MOVE,
    alone=True,
)
def cancel(context: Context, rest: str) -> Reply:
    """Close the open report; pictures that only wait for one are let go as well."""
    work = open_work(context)
    if work is not None and command_key(rest) in _ALL:
        return _cancel_all(context, work)
    begun = under_way(context)
    wanted = begun_called(begun, rest) if rest.strip() else None
    if work is not None and wanted is not None and not wanted.is_open:
        forget_parked(work.draft, wanted.obligation_id)
        return Reply(f"已取消放下的 {wanted.matter.name}，未提交。其余不变。")
    if wanted is None and rest.strip() and is_known(context, rest):
        open_ones = f"没有报完的：{names_of(begun)}。" if begun else "没有填写中的报送。"
        return Reply(f"“{rest.strip()[:20]}”没有在填报，不用取消。{open_ones}")
    waited = take_waiting(context.session, context.speaker.id, context.now)
    if work is None:
        if waited.shas:
            return Reply(f"暂存的{len(waited.shas)}张图片已清除。")
        return Reply("没有填写中的报送，不用取消。已报送的要收回，请发“撤回”加编号。")
    if work.number is not None:
        text = f"已放弃对 #{work.number} 的更正，原报送不变。"
    else:
        again = f"报送 {work.form.matter.number}"
        text = f"已取消 {work.form.name} 的填报，未提交。重新报送请发“{again}”。"
    return Reply("\n".join(filter(None, (text, end(work)))))


def _cancel_all(context: Context, work: Work) -> Reply:
    begun = under_way(context)
    take_waiting(context.session, context.speaker.id, context.now)
    context.session.delete(work.draft)
    context.session.flush()
    names = "、".join(each.matter.name for each in begun) or work.form.name
    return Reply(f"已取消 {names} 的填报，均未提交。已报送的不变。")
