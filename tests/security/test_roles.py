"""Who may what: every command, said by everybody, alone and in every kind of group."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from handlers import phrases
from handlers.registry import discover
from tests.security.cast import (
    GROUPS,
    HEALTH,
    JOBS,
    PEOPLE,
    POLICE,
    Came,
    Cast,
)
from tests.stores import fresh_sqlite

#: One line a message, one letter a person, in the order of `PEOPLE`. `?` is told how to bind and
#: nothing else; `x` is refused, and told whom to ask; `-` nothing changes and nothing of what
#: 公安 does is said; `s` something of it is said; `W` something changes or others are told.
#: Then what happens in a group: `here` answered there, `move` answered alone, `send` sent to the
#: single chat; last the command and what is written. Whose matter it is: all are about 公安.
#:
#: 过路人 nobody knows, 在册人员 has no role. 公安联络员, 公安代理人 (for the time being),
#: 公安负责人 and 人社联络员 (of another unit), 审核员甲 (head of a third one, reviews what 公安
#: reports), 领导甲 and 管理员甲 are of the same programme, 管理员乙 of another, 运维甲 of all.
TABLE = """
?-ss------- move help 帮助
?---------- move who_am_i 我是谁
?-sss------ move how 怎么报 州1-7
?WWWWWWWWWW move suggest 建议 希望能按月汇总
WWWWWWWWWWW send bind 绑定 K7Q2M9
?-ss------- move tasks 任务
?-ss-s-ss-- here progress 进度 州1-7
?-ss-s-ss-- here progress 进度 州公安局
?-ss-s----- here progress 进度
?xWWsxxxxxx move report 报送 州1-8
?xWWsxxxxxx move report 报送 州1-8⏎截至：7月31日⏎完成数：12所⏎措施：加快改造进度⏎问题：暂无
?xsssxxxxxx move nil 无变化 州1-7
?xWW-xxxxxx move amend 更正 1⏎完成数：1720个
?xWW-xxxxxx move withdraw 撤回 1
?x---xxxxxx move submit 提交
?x---xxxxxx move confirm 确认
?x---xxxxxx move modify 修改 完成数 1701
?x---xxxxxx move cancel 取消
?x---xxxxxx move back 上一步
?x---xxxxxx move restart 重来
?xss-xxxxxx move resume 继续
?xW--xxxxxx move swap_picture 换图1
?xW--xxxxxx move drop_picture 删图1
?x---xxxxxx move add_picture 加图
?x---xxxxxx move keep_pictures 不换图
?xW--xxxxxx move exchange_captions 对调说明 图1、图2
?x---xxxxxx move take_crop 用裁剪图
?x---xxxxxx move shift_crop 左移 100
?xWWWxxxxxx send upload 上传
?x---xxx--x move template 模板
?xsssxxx--x move template 模板 州1-7
?x---x-x--x move deputy 代理
?xW--xWx--x move deputy 代理 人社联络员 到 9月30日
?xWWsxxxW-x move contact 对接 州1-8 8月19日 局领导到省公安厅汇报，省里表示支持
?xWW-xxxW-x move amend_contact 更正对接 1 结果：省里原则同意
?xWW-xxxW-x move withdraw_contact 撤回对接 1
?xWW-xxxW-x move activity 动态 州1-8 派出所改造完工 https://www.example.gov.cn/a/2.html
?xWW-xxxW-x move amend_activity 更正动态 1 7月
?xWW-xxxW-x move withdraw_activity 撤回动态 1
?xss-xxxs-x send extend 延期
?xWW-xxxW-x send extend 延期 州公安局 州1-7 9月25日 数据正在核对
?xss-xxxs-x send waive 免报
?xWW-xxxW-x send waive 免报 州公安局 州1-8 本期设备检修
?xxxxxxxW-x send restore 恢复报送 州公安局 州1-9
?xxxxxxxW-x send agree 同意 1
?xxxxxxxW-x send disagree 不同意 1 数据应当已经核对
?xss-s-ss-x send order 督办
?xss-s-ss-x send order 督办1
?xWW------x send order 督办1 已补装40个，9月25日验收合格
?xWW----W-x send order 督办1 延期 10月15日 施工受阻
?x------W-x send order 督办 州1-9 9月29日 9月底前补齐材料
?x--------x send order 督办 规则
?x--------x send order 督办 建议
?xxxxxxxW-x send close_order 销号 督办2
?xxxxxxxW-x send reopen_order 撤销销号 督办3 复核发现漏装
?xxxxxx---x here ranking 排名
?xxxxxxss-x here ranking 排名 州1-7
?xss-s-ss-x here why 为什么 州公安局
?xxxxxx---x here lagging 滞后
?xxxxWWWWWx here board 看板
?xxxxxxx--x here board 看板 收回
?xxxx-----x here status 状态
?xxxxs-ss-x here missing 未报
?xxxxs-ss-x here missing 未报 州公安局
?xxxxxxxW-x here chase 催报 州公安局
?xxxxxsxs-x send pending 待审
?xss-ssss-x send show 查看 1
?xxxxxWxW-x send accept 通过 1
?xxxxxWxW-x send send_back 退回 1 图片有水印
?xxxxxxxW-x send judge 评定 州1-7 滞后 现场进度偏慢
?xxxxxxx--x send outlook 研判
?xxxxxxxW-x send outlook 研判 州1-9 有可能
?xxxxxxxs-x send audit 审计 1
?xxxxxxxs-x send audit 审计 州1-7
?xxxxxx---x here bulletin 通报
?xxxxxx-W-x here bulletin 通报 答卷专栏 5月
?xxxxxxxW-x send issue 签发
?xxxxxxxW-x send correction 更正说明 1号
?xxxxxxxW-x send reminder_letter 提醒函 州公安局
?xxxxxxx--x move export 导出
?xxxxxxxW-x move export 导出 台账 答卷专栏
?xxxxxxxW-x move export 导出 图片 答卷专栏
?xxxxxxx--x send publish_digest 发布
?xxxxxxxW-x send publish_digest 发布 周报 答卷专栏
?xxxxxxx--x send digest_times 定时
?xxxxxxxWWx send digest_times 定时 周报 每周二9:00
?xxxxxxx--x send deadlines 期限
?xxxxxxx--x send deadlines 期限 确认 2
?xxxxxxx--x send reminders 提醒
?xxxxxxxW-x send reminders 提醒 答卷专栏 当天 10:00 16:00
?xxxxxxxW-x send quiet_hours 安静时间 答卷专栏 18:00-8:00
?xxxxxxx--x send openings 话术
?xxxxxxxWWx send openings 话术 逾期提醒 您好，请尽快补报
?xxxxxxx--x send reviewers 审核分工
?xxxxxxxW-x send reviewers 审核分工 领导甲 州公安局 答卷专栏
?xxxxxxxWWx send invite 邀请 州公安局 张三
?xxxxxxxWWx send invite 邀请 管理员 张三
?xxxxxxx--x send alias 别名 州公安局
?xxxxxxxW-x send alias 别名 州1-7 亮化工程
?xxxxxxxWWx send alias_back 删除别名 州公安局 公安
?xxxxxxxWWx send day_off 放假 9月1日
?xxxxxxxWWx send day_off_back 取消放假 9月2日
?xxxxxxxWWx send make_up 上班 8月22日
?xxxxxxxWWx send make_up_back 取消上班 8月28日
?xxxxxxx--- send quota 额度
?xxxxxxx--x here register_group 登记本群 领导群 答卷专栏
?xxxxxxx--x here naming 点名 开
?xxxxxxx--x send load 载入
"""
#: Commands that a group hears whole, beyond what its table line says: tested below.
_OF_THE_GROUP = frozenset(("点名 开", "登记本群 领导群 答卷专栏"))
#: What is said in a group about who lags or owes, as long as nobody switched their naming on.
_ABOUT_LAGGARDS = frozenset(("progress", "ranking", "why", "lagging", "status", "missing"))
_OUTSIDERS = ("过路人", "在册人员", "管理员乙", "运维甲")


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    letters: str
    in_group: str
    command: str
    text: str


def _line(written: str) -> Line:
    letters, in_group, command, text = written.split(maxsplit=3)
    return Line(letters, in_group, command, text.replace("⏎", "\n"))


LINES = [_line(each) for each in TABLE.strip().splitlines()]


@pytest.fixture(scope="module")
def cast(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Cast]:
    """One house for all lines: what is tried is undone."""
    with fresh_sqlite(sqlite_template, tmp_path_factory.mktemp("roles")) as database:
        yield Cast(database)


def test_every_command_has_a_line() -> None:
    assert {line.command for line in LINES} == set(discover().commands)
    assert {len(line.letters) for line in LINES} == {len(PEOPLE)}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.text[:20])
def test_alone(cast: Cast, line: Line) -> None:
    came = {who: cast.tried(who, line.text) for who in PEOPLE}

    assert "".join(letter(each, line) for each in came.values()) == line.letters
    for who, each in came.items():
        assert _leaked(who, each.said, line) == []


#: What is answered in a group is looked at in all its wordings; of the rest the last, which does
#: most.
_LINES_IN_GROUPS = [
    line
    for line in LINES
    if line.in_group == "here" or line is {each.command: each for each in LINES}[line.command]
]


@pytest.mark.parametrize("line", _LINES_IN_GROUPS, ids=lambda line: line.text[:20])
def test_in_groups(cast: Cast, line: Line) -> None:
    for at, (who, alone) in enumerate(zip(PEOPLE, line.letters, strict=True)):
        # Who is refused for their role, or sent to the single chat, is so in every group alike:
        # one shows that, another for each person.
        is_alike = alone in "x?" or line.in_group != "here"
        for group in GROUPS[at % 3 : at % 3 + 1] if is_alike else GROUPS:
            came = cast.tried(who, line.text, group)
            _holds_in_group(who, came, line, alone)


def _holds_in_group(who: str, came: Came, line: Line, alone: str) -> None:
    assert _leaked(who, came.said, line) == []
    # Others read along: no figure or word of a report, no text of an order, and no names.
    assert [
        word for word in (*POLICE[:3], *JOBS[:3], *HEALTH[:3]) if word in _new(came.here, line)
    ] == []
    if alone in "x?":
        assert letter(came, line) == alone
        assert came.here
        assert not came.alone
        return
    if line.in_group == "send":
        assert (came.changed, came.told_others, came.alone) == (frozenset(), 0, "")
        assert "请在与我的单聊中" in came.here
    elif line.in_group == "move":
        assert came.here == ""
        assert letter(came, line) == alone
    elif line.text not in _OF_THE_GROUP:
        assert letter(came, line) in "-sW"[: "-sW".index(alone) + 1]  # less perhaps, never more
    if line.command in _ABOUT_LAGGARDS:
        assert "人社局" not in came.here


def letter(came: Came, line: Line) -> str:
    """What a message came to, in a letter of the table."""
    if came.said == phrases.NOT_BOUND:
        return "?" if not came.changed and not came.told_others else "!"
    if "使用。如需办理，请联系管理员；" in came.said:
        return "x" if not came.changed and not came.told_others else "!"
    if came.changed or came.told_others:
        return "W"
    return "s" if any(word in _new(came.said, line) for word in POLICE) else "-"


def _leaked(who: str, said: str, line: Line) -> list[str]:
    """What they were told that is another unit's or another programme's alone."""
    foreign = [] if who == "管理员乙" else [*HEALTH]
    if who not in ("人社联络员", "领导甲", "管理员甲"):
        foreign += JOBS
    if who in _OUTSIDERS:
        foreign += POLICE
    elif who in ("人社联络员", "审核员甲"):
        foreign += ("4290",)
    if who == "人社联络员":
        foreign += POLICE[:2]
    return [word for word in foreign if word in _new(said, line)]


def _new(said: str, line: Line) -> str:
    """What they were told beyond their own words."""
    for word in (*POLICE, *JOBS, *HEALTH):
        if word in line.text:
            said = said.replace(word, "")
    return said


@pytest.mark.parametrize(
    ("text", "changed_by"),
    [
        ("点名 开", {"联络员群": "管理员甲", "领导群": "管理员甲", "民生群": "管理员乙"}),
        ("登记本群 管理员群", {"联络员群": "管理员甲", "领导群": "管理员甲", "民生群": "管理员乙"}),
    ],
)
def test_a_group_is_its_own_programmes(cast: Cast, text: str, changed_by: dict[str, str]) -> None:
    changed = {
        group: [who for who in PEOPLE if cast.tried(who, text, group).changed] for group in GROUPS
    }

    assert changed == {group: [who] for group, who in changed_by.items()}
