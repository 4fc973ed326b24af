"""The roster from the command line: people, chats, units, invites."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_house import JsonFlag, fail, open_house, show_rows

if TYPE_CHECKING:
    from bot.roster_chats import Wanted

member = typer.Typer(help="people and their roles", no_args_is_help=True)
chat = typer.Typer(help="group chats and what they are for", no_args_is_help=True)
invite = typer.Typer(help="codes by which people bind their account")
unit = typer.Typer(help="units and their names", no_args_is_help=True)

RoleOption = Annotated[str, typer.Option(help="liaison, unit_head, leader, admin or operator")]
UnitOption = Annotated[list[str] | None, typer.Option("--unit", help="may be repeated")]


@member.command("list")
def member_list(as_json: JsonFlag = False) -> None:
    """Everyone with their accounts and roles."""
    from bot.roster import members_data

    with open_house() as house, house.database.read() as session:
        rows = members_data(session)
    show_rows(rows, as_json)


@member.command("add")
def member_add(
    name: Annotated[str, typer.Argument()],
    role: RoleOption,
    account: Annotated[str, typer.Option(help="PLATFORM:USER_ID")],
    units: UnitOption = None,
) -> None:
    """A person with a role; a known account gets the further role."""
    from bot.roster import add_member

    platform, _, user_id = account.partition(":")
    if not user_id:
        fail(f"{account!r} is no account such as wecom_app:zhangsan", 2)
    with open_house() as house, house.database.write() as session:
        number = add_member(session, name, role, platform, user_id, units or [], house.clock())
    typer.echo(f"member {number}")


@member.command("remove")
def member_remove(number: Annotated[int, typer.Argument(help="from `member list`")]) -> None:
    """Someone has left: no more messages, no more rights; their reports stay."""
    from bot.roster import remove_member

    with open_house() as house, house.database.write() as session:
        remove_member(session, number, house.clock())
    typer.echo(f"member {number} removed")


@member.command("erase")
def member_erase(
    who: Annotated[str, typer.Argument(metavar="NUMBER or ACCOUNT", help="PLATFORM:USER_ID")],
    yes: Annotated[bool, typer.Option("--yes", help="do it: this cannot be undone")] = False,
) -> None:
    """Forget someone who has left: a pseudonym stands where they acted; reports stay."""
    from bot.cli_privacy import erase_person

    with open_house() as house:
        for line in erase_person(house, who, is_meant=yes):
            typer.echo(line)


@member.command("erase-again")
def member_erase_again() -> None:
    """After a restore: erase again everybody who had been erased since the backup."""
    from bot.cli_privacy import erase_again

    with open_house() as house:
        for line in erase_again(house):
            typer.echo(line)


@member.command("export")
def member_export(
    who: Annotated[str, typer.Argument(metavar="NUMBER or ACCOUNT", help="PLATFORM:USER_ID")],
    out: Annotated[Path, typer.Option(metavar="FILE.zip", help="a new file")],
) -> None:
    """Everything that is kept about one person, for them to read."""
    from bot.cli_privacy import export_person

    with open_house() as house:
        for line in export_person(house, who, out):
            typer.echo(line)


@member.command("import")
def member_import(file: Annotated[Path, typer.Argument(help="FILE.xlsx, sheet 人员")]) -> None:
    """People from a workbook; all of it or, when anything is wrong, nothing."""
    from bot.roster import import_members

    data = _bytes_of(file)
    with open_house() as house, house.database.write() as session:
        report = import_members(session, data, file.name, house.clock())
    typer.echo(f"新增{report.added}人，新增角色{report.roles}个，未变{report.unchanged}行")


def _bytes_of(file: Path) -> bytes:
    if not file.is_file():
        fail(f"{file}: there is no such file")
    return file.read_bytes()


@chat.command("import")
def chat_import(file: Annotated[Path, typer.Argument(help="FILE.xlsx, sheet 会话")]) -> None:
    """Group chats from a workbook; all of it or, when anything is wrong, nothing."""
    from bot.roster_import import import_chats

    data = _bytes_of(file)
    with open_house() as house, house.database.write() as session:
        count = import_chats(session, data, file.name, house.clock())
    typer.echo(f"已读入{count}个会话")


@chat.command("list")
def chat_list(as_json: JsonFlag = False) -> None:
    """Group chats with their doors; of a robot its name, never its key."""
    from bot.roster_chats import chats_data

    with open_house() as house, house.database.read() as session:
        rows = chats_data(session)
    show_rows(rows, as_json)


@chat.command("add")
def chat_add(
    name: Annotated[str, typer.Option()],
    platform: Annotated[str, typer.Option(help="wecom, dingtalk, wecom_robot, dingtalk_robot")],
    address: Annotated[str, typer.Option(help="the group's id there; a robot has none")] = "",
    purpose: Annotated[str, typer.Option(help="liaisons, leaders, admins, or none")] = "",
    programme: Annotated[str, typer.Option(help="only for this programme")] = "",
    names_laggards: Annotated[bool, typer.Option(help="name who lags in this group")] = False,
    number: Annotated[int, typer.Option("--chat", help="a known group, from `chat list`")] = 0,
) -> None:
    """A group chat that the bot can speak to, or one more door of a known one.

    Of a group robot (wecom_robot, dingtalk_robot) the webhook address is read from standard input
    and, for DingTalk, in a second line the secret that it signs with (SEC…). It becomes a door of
    the group of that name, where there is one.
    """
    from bot.roster_chats import Wanted, add_chat, door_named
    from models.platform import ROBOTS

    wanted = Wanted(name, purpose, programme, names_laggards, number)
    if platform in ROBOTS:
        _add_robot(wanted, platform, address)
        return
    if not address:
        fail("--address is missing: the group's id on the platform", 2)
    with open_house() as house, house.database.write() as session:
        added = add_chat(session, wanted, *door_named(platform), address, house.clock())
    typer.echo(f"chat {added}")


def _add_robot(wanted: "Wanted", via: str, address: str) -> None:
    from bot.keys import KeyRing
    from bot.roster_chats import add_robot
    from models.platform import ROBOTS

    if address:
        fail("a robot's key is read from standard input, where no list of commands keeps it", 2)
    with open_house() as house:
        if house.settings.sandbox:
            fail("SANDBOX is on: the practice chat has no group robots")
        key = _dingtalk_key() if ROBOTS[via] == "dingtalk" else _wecom_key()
        ring = KeyRing(house.settings.secret_key.get_secret_value())
        with house.database.write() as session:
            seated = add_robot(session, wanted, via, key, ring, house.clock())
    if seated.is_replaced:
        typer.echo(f"chat {seated.chat}: the key of its robot was replaced")
    elif seated.is_known:
        typer.echo(f"chat {seated.chat}: the robot is one more door of it")
    else:
        typer.echo(f"chat {seated.chat}")
    if seated.nameless:
        listed = ", ".join(map(str, seated.nameless))
        typer.echo(
            f"chats without a name: {listed}. If one of them is the same group, run "
            f"`dajuan chat remove {seated.chat}` and add the robot again with --chat NUMBER",
            err=True,
        )


def _wecom_key() -> str:
    from bot.wecom.keys import key_in
    from bot.wecom.settings import read_wecom_settings

    return key_in(_asked("key or webhook address"), read_wecom_settings().wecom_api_base)


def _dingtalk_key() -> str:
    from bot.dingtalk.robot_keys import key_in
    from bot.dingtalk.settings import read_dingtalk_settings

    address, secret = _asked("webhook address"), _asked("secret (SEC…)")
    return str(key_in(address, secret, read_dingtalk_settings().dingtalk_oapi_base))


def _asked(what: str) -> str:
    """A line from standard input; on a terminal it is asked for and not shown."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True))
    return sys.stdin.readline()


@chat.command("remove")
def chat_remove(number: Annotated[int, typer.Argument(help="from `chat list`")]) -> None:
    """The bot no longer speaks to this group; what was said there stays."""
    from bot.roster_chats import remove_chat

    with open_house() as house, house.database.write() as session:
        remove_chat(session, number, house.clock())
    typer.echo(f"chat {number} removed")


@unit.command("import")
def unit_import(file: Annotated[Path, typer.Argument(help="FILE.xlsx, sheet 单位")]) -> None:
    """Units from a workbook; all of it or, when anything is wrong, nothing."""
    from bot.roster_import import import_units

    data = _bytes_of(file)
    with open_house() as house, house.database.write() as session:
        count = import_units(session, data, file.name, house.clock())
    typer.echo(f"已读入{count}个单位")


@unit.command("list")
def unit_list(as_json: JsonFlag = False) -> None:
    """Units with their aliases, area by area."""
    from bot.roster import units_data

    with open_house() as house, house.database.read() as session:
        rows = units_data(session)
    show_rows(rows, as_json)


@unit.command("add")
def unit_add(
    name: Annotated[str, typer.Argument()],
    area: Annotated[str, typer.Option()],
    kind: Annotated[str, typer.Option(help="department, county or park")] = "department",
    group: Annotated[str, typer.Option(help="the ranking group")] = "",
    alias: Annotated[list[str] | None, typer.Option(help="may be repeated")] = None,
) -> None:
    """A unit, or further aliases of one that is there."""
    from bot.roster import add_unit

    with open_house() as house, house.database.write() as session:
        number = add_unit(session, name, area, kind, group, alias or [], house.clock())
    typer.echo(f"unit {number}")


@unit.command("remove")
def unit_remove(number: Annotated[int, typer.Argument(help="from `unit list`")]) -> None:
    """A unit that nothing refers to."""
    from bot.roster import remove_unit

    with open_house() as house, house.database.write() as session:
        remove_unit(session, number, house.clock())
    typer.echo(f"unit {number} removed")


@invite.callback(invoke_without_command=True)
def invite_make(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="whom the code is for")] = "管理员",
    role: RoleOption = "admin",
    unit_name: Annotated[str, typer.Option("--unit")] = "",
) -> None:
    """A code for seven days, to be sent to the bot as `绑定 CODE`; shown once."""
    from bot.roster import make_invite

    if context.invoked_subcommand is not None:
        return
    with open_house() as house, house.database.write() as session:
        code = make_invite(session, name, role, unit_name, house.clock())
    typer.echo(f"绑定 {code}")


@invite.command("list")
def invite_list(as_json: JsonFlag = False) -> None:
    """Codes that can still be used: for whom and until when."""
    from bot.roster import invites_data

    with open_house() as house, house.database.read() as session:
        rows = invites_data(session, house.clock())
    show_rows(rows, as_json)


@invite.command("remove")
def invite_remove(number: Annotated[int, typer.Argument(help="from `invite list`")]) -> None:
    """Withdraw a code that nobody has used yet."""
    from bot.roster import remove_invite

    with open_house() as house, house.database.write() as session:
        remove_invite(session, number, house.clock())
    typer.echo(f"invite {number} removed")
