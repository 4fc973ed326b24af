"""`dajuan doctor`: checks the installation and says what to do, worst first."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, func, select

from bot.backup import LAST_BACKUP
from bot.check_media import LEAST_FREE, check_media
from bot.check_platforms import examine_platforms
from bot.findings import Found, Level
from bot.health import LONGEST_WAIT, is_served
from bot.settings import (
    SHORTEST_SECRET,
    Settings,
    platform_settings,
    read_settings,
    secret_problem,
)
from bot.spool import SPOOL, Spool
from handlers.render.fonts import FontMissing, font, missing_glyphs, use_font
from models.db import Database, open_database
from models.errors import SettingsError
from models.inbox import InboxState, oldest_unhandled, stuck_messages
from models.member import RoleName, members_with
from models.outbox import OutboxState, oldest_unsent, stuck_words
from models.programme import active_programmes
from models.rules.zone import local_zone
from models.schema import newest_revision, revision
from models.setting import SANDBOX_MARK, setting
from models.workday import years_missing

#: Characters that every document needs, and rare ones of personal and place names.
GLYPHS = "湘西州答卷序时进度％①㐂囍"
#: Of a backup every night not one may be missed.
BACKED_UP_WITHIN = timedelta(hours=36)


def examine() -> list[Found]:
    """Every check; none of them raises or changes anything."""
    try:
        settings = read_settings()
    except SettingsError as error:
        return [Found("settings", Level.FAIL, str(error), "在 .env 或环境变量中改正")]
    found = [
        *_settings(settings),
        *check_media(settings),
        *_fonts(settings),
        *_disk(),
        *_spool(),
        *_database(settings),
        *_platforms(settings),
    ]
    order = list(reversed(Level))
    return sorted(found, key=lambda each: order.index(each.level))


def _settings(settings: Settings) -> Iterator[Found]:
    if settings.sandbox:
        yield Found("SECRET_KEY", Level.OK, "演练模式下任意")
    elif secret_problem(settings):
        advice = (
            "在 .env 中填一个随机值：python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
        yield Found("SECRET_KEY", Level.FAIL, f"还是示例值，或不足{SHORTEST_SECRET}个字符", advice)
    else:
        yield Found("SECRET_KEY", Level.OK, "已设置")
    if settings.sandbox and (set_up := platform_settings()):
        about = f"开着，却又设置了 {'、'.join(set_up)}"
        yield Found("SANDBOX", Level.FAIL, about, "二者只能取一：演练，或者真实平台")
    elif settings.sandbox:
        yield Found("SANDBOX", Level.OK, "开着：只供演练，不接真实平台")


def _fonts(settings: Settings) -> Iterator[Found]:
    try:
        use_font(settings.font_path)
        missing = missing_glyphs(GLYPHS, font(24))
    except FontMissing as error:
        yield Found("FONT_PATH", Level.FAIL, str(error), "重新安装程序包，或指定一个字体文件")
        return
    if missing:
        about = f"缺字：{'、'.join(missing)}"
        yield Found("FONT_PATH", Level.WARN, about, "换一个汉字齐全的字体文件")
    else:
        yield Found("FONT_PATH", Level.OK, "试过的字都有")


def _disk() -> Iterator[Found]:
    free = shutil.disk_usage(Path.cwd()).free
    about = f"剩余{free / 1e9:.1f}GB"
    if free < LEAST_FREE:
        yield Found("disk", Level.WARN, about, "请腾出空间：图片和数据库还会增长")
    else:
        yield Found("disk", Level.OK, about)


def _spool() -> Iterator[Found]:
    count = Spool(SPOOL).put_aside_count()
    if count:
        advice = f"查看 {SPOOL} 中的 .refused 文件：是伪造的，或来自现在没有接的平台"
        yield Found("spool", Level.WARN, f"有{count}次来件无法收下", advice)


def _database(settings: Settings) -> Iterator[Found]:
    try:
        database = open_database(settings.database)
    except (SettingsError, OSError) as error:
        yield Found("DATABASE_URL", Level.FAIL, str(error), "在 .env 中改正地址")
        return
    try:
        at = revision(database)
        if at != newest_revision():
            about = f"是第{at or '0'}版，程序需要第{newest_revision()}版"
            yield Found("schema", Level.FAIL, about, "运行 `dajuan migrate`")
            return
        yield Found("schema", Level.OK, f"第{at}版")
        with database.read() as session:
            yield from _rows(session, settings)
            yield from _clock(session, database)
    except SQLAlchemyError as error:
        about = f"连不上（{type(error).__name__}）"
        yield Found("DATABASE_URL", Level.FAIL, about, "启动数据库，或改正地址")
    finally:
        database.dispose()


def _clock(session: Session, database: Database) -> Iterator[Found]:
    if database.is_sqlite:
        return
    away = abs((session.exec(select(func.now())).one() - datetime.now(UTC)).total_seconds())
    if away > 5:
        about = f"与数据库相差{away:.0f}秒"
        yield Found("clock", Level.WARN, about, "两边都用 NTP 校准：期限按时钟算")
    else:
        yield Found("clock", Level.OK, "与数据库一致")


def _rows(session: Session, settings: Settings) -> Iterator[Found]:
    is_practice = bool(setting(session, SANDBOX_MARK))
    if is_practice and not settings.sandbox:
        about = "这个数据库是演练时建的"
        yield Found("DATABASE_URL", Level.FAIL, about, "换一个，或设 SANDBOX=true")
    elif settings.sandbox and not is_practice and active_programmes(session):
        about = "这个数据库不是演练时建的"
        yield Found("DATABASE_URL", Level.FAIL, about, "另换一个新的来演练")
    yield from _years(session)
    yield from _programmes(session)
    yield from _queues(session)
    if not settings.sandbox:  # its clock stands in another year
        yield from _waiting(session)
        yield _service(session)
        yield _backup(session)


def _years(session: Session) -> Iterator[Found]:
    """The calendar must know this year and, from November on, the next."""
    if missing := years_missing(session, datetime.now(local_zone()).date()):
        years = "、".join(map(str, missing))
        about = f"没有{years}年的放假安排，暂按周一至周五上班"
        advice = "把国务院办公厅的放假通知存为文本，再 `dajuan calendar import 文件`"
        yield Found("calendar", Level.WARN, about, advice)
    else:
        yield Found("calendar", Level.OK, "已公布的放假安排都有")


def _programmes(session: Session) -> Iterator[Found]:
    programmes = active_programmes(session)
    if not programmes:
        advice = "载入一个，例如 `dajuan load minsheng-2021`"
        yield Found("programmes", Level.WARN, "一个专项也没有载入", advice)
        return
    yield Found("programmes", Level.OK, "、".join(each.code for each in programmes))
    if not members_with(session, RoleName.ADMIN, None):
        advice = "用 `dajuan invite --role admin` 生成绑定码，再发给机器人"
        yield Found("admins", Level.WARN, "还没有管理员，没人能审核", advice)


def _queues(session: Session) -> Iterator[Found]:
    failed = [row for row in stuck_messages(session) if row.state == InboxState.FAILED]
    lost = [row for row in stuck_words(session) if row.state != OutboxState.WAITING]
    if failed:
        advice = "看 `dajuan inbox list`，再 `inbox retry` 重试或 `inbox drop` 放弃"
        yield Found("inbox", Level.WARN, f"有{len(failed)}条来件没有办成", advice)
    if lost:
        advice = "看 `dajuan outbox list`，再 `outbox retry` 重试或 `outbox drop` 放弃"
        yield Found("outbox", Level.WARN, f"有{len(lost)}条去件没有发出", advice)


def _waiting(session: Session) -> Iterator[Found]:
    for name, since in (("inbox", oldest_unhandled(session)), ("outbox", oldest_unsent(session))):
        waited = 0.0 if since is None else (datetime.now(UTC) - since).total_seconds()
        if waited > LONGEST_WAIT:
            about = f"最早的一条已等了{waited / 60:.0f}分钟"
            yield Found(name, Level.WARN, about, "看 `dajuan serve` 是否在运行，日志里有没有报错")


def _service(session: Session) -> Found:
    if is_served(session):
        return Found("service", Level.OK, "在运行")
    return Found("service", Level.WARN, "没有在运行", "启动 `dajuan serve`")


def _backup(session: Session) -> Found:
    advice = "用定时任务每天 `dajuan backup 文件.zip`，见 docs/运维怎么做.md"
    if (when := setting(session, LAST_BACKUP)) is None:
        return Found("backup", Level.WARN, "还没有备份过", advice)
    age = datetime.now(UTC) - datetime.fromisoformat(when)
    about = f"上次在{age / timedelta(hours=1):.0f}小时前"
    if age > BACKED_UP_WITHIN:
        return Found("backup", Level.WARN, about, advice)
    return Found("backup", Level.OK, about)


def _platforms(settings: Settings) -> list[Found]:
    """What real platforms need; the sandbox is beside none."""
    return [] if settings.sandbox else examine_platforms(settings)
