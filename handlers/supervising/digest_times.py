"""When digests go out as an admin reads and changes it: rows, words for them, what was changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reading.digest_times import (
    AGAIN,
    EARLIEST,
    GO_ON,
    LATEST,
    NOT_AGAIN,
    STOP,
    TO,
    read_times,
    sets_time,
)
from handlers.reading.harmless import shown
from handlers.reading.normalise import command_key, normalise
from handlers.registry import Digest, Registry
from handlers.reporting.texts import day_text
from handlers.schedules import digest_policies, finished, goes_out_again, usual_schedule
from handlers.supervising.choosing import programme_called
from handlers.supervising.scope import administered
from models.chat import ChatPurpose
from models.digest import DigestSchedule, schedules_of
from models.errors import Refused
from models.message import Reply
from models.programme import Programme
from models.rules.cron import CronLine, said

#: What the groups are called.
GROUPS = {
    ChatPurpose.LEADERS: "领导群",
    ChatPurpose.LIAISONS: "联络员群",
    ChatPurpose.ADMINS: "管理员群",
}
#: A period in which a digest fires more often than this has no next one worth telling.
_MOST_FIRES = 31
#: What parts the word of a digest from what is wanted.
_PARTS = " \t:,"
_EVERY = frozenset(("全部", "所有"))
HOW = (
    "请写：\n{word} 每周一9:00\n{word} 每月25日9:00\n{word} 停（恢复请发“{word} 恢复”）\n"
    "{word} 发到 {group}"
)


@dataclass(frozen=True)
class Wanted:
    """What is to hold from now on; None leaves a part as it is."""

    cron: str | None = None
    enabled: bool | None = None
    purposes: tuple[ChatPurpose, ...] | None = None
    again: bool | None = None


@dataclass(frozen=True)
class Timed:
    """A digest of a programme with its rows, one for each kind of group."""

    programme: Programme
    digest: Digest
    rows: tuple[DigestSchedule, ...]
    is_finished: bool = False

    @property
    def on(self) -> tuple[DigestSchedule, ...]:
        """The rows that are switched on."""
        return tuple(row for row in self.rows if row.enabled)

    @property
    def purposes(self) -> tuple[ChatPurpose, ...]:
        """The groups it goes to, or went to before it was stopped."""
        rows = self.on or self.rows[:1]
        return tuple(ChatPurpose(row.purpose) for row in rows)

    @property
    def text(self) -> str:
        """每周一9:00，发领导群; 已停发; what is finished goes out by hand alone."""
        if self.is_finished and self.on:
            return "专项已结束，不再定时发"
        groups = "、".join(GROUPS[each] for each in self.purposes)
        once = bool(self.digest.frozen_as) and not goes_out_again(self.programme, self.digest)
        text = f"{said(self.rows[0].cron)}，发{groups}{'，迟报不更正' if once else ''}"
        return text if self.on else "已停发"


def timed(ctx: Context, programmes: Sequence[Programme]) -> list[Timed]:
    """Every digest that these programmes have something to say in, in the order of their names.

    One without a row is shown at its usual time; whoever reads it makes none.
    """
    rows = schedules_of(ctx.session, [each.id or 0 for each in programmes])
    over = finished(ctx.session, programmes, ctx.today)
    found = []
    for programme in programmes:
        for digest in ctx.services.registry.digests.values():
            own = [r for r in rows if (r.programme_id, r.digest) == (programme.id, digest.name)]
            if digest.serves(ctx.session, programme):
                usual = [usual_schedule(programme, digest)]
                is_finished = programme.id in over and not digest.shared
                found.append(Timed(programme, digest, tuple(own or usual), is_finished))
    return found


def digest_called(ctx: Context, text: str) -> tuple[Digest, str]:
    """The digest that *text* begins with and what follows; refused naming those there are."""
    if (found := ctx.services.registry.digest_called(text)) is not None:
        return found
    words = "、".join(each.word for each in ctx.services.registry.digests.values())
    first = shown(text.split()[0], 20) if text.split() else ""
    raise Refused(f"没有认出“{first}”。可写：{words}，例如：\n发布 周报\n周报 每周一9:00")


@dataclass(frozen=True)
class Called:
    """A digest of the programmes that were named, or of all that have it, and the words left."""

    found: tuple[Timed, ...]
    left: str
    is_named: bool

    @property
    def is_unclear(self) -> bool:
        """Whether it has to be asked which programme is meant."""
        return len(self.found) > 1 and not self.is_named and not self.found[0].digest.shared


def digest_said_first(registry: Registry, text: str) -> str | None:
    """周报 每周一9:00 with 定时 in front; None where no digest's time is set or asked for."""
    found = registry.digest_called(text)
    if found is None or "\n" in text.strip():
        return None
    plain, rest = normalise(text).strip(), found[1]
    is_parted = not rest or plain.removesuffix(rest)[-1:] in _PARTS
    return f"定时 {plain}" if is_parted or sets_time(rest) else None


def programmes_called(ctx: Context, text: str, digest: Digest) -> Called:
    """The programmes that *text* names for a digest; refused where they have nothing for it."""
    own = administered(ctx)
    left, named = [], list[Programme]()
    for word in text.split():
        found = programme_called(ctx, word, own)
        if word in _EVERY:
            named = own
        elif found is not None and not named:
            named = [found]
        else:
            left.append(word)
    all_ = of_digest(ctx, named or own, digest)
    if not all_:
        titles = "、".join(each.short_title for each in named or own)
        raise Refused(f"{titles}没有可写进“{digest.title}”的内容。现有的简报请发“发布”查看。")
    return Called(tuple(all_), " ".join(left), bool(named))


def of_digest(ctx: Context, programmes: Sequence[Programme], digest: Digest) -> list[Timed]:
    """One digest in these programmes, as far as they have something to say in it."""
    return [each for each in timed(ctx, programmes) if each.digest.name == digest.name]


def which_programme(ctx: Context, found: Sequence[Timed], order: str, left: str = "") -> Reply:
    """The question which of several programmes is meant; a number repeats *order* with its code."""
    entries = [*(each.programme.code for each in found), "全部"]
    titles = [*(each.programme.short_title for each in found), "全部"]
    keep_list(ctx, f"{order} {{}} {left.replace('{', '').replace('}', '')}".strip(), entries)
    lines = [f"{at}. {title}" for at, title in enumerate(titles, start=1)]
    return Reply("\n".join(["您指哪个专项？请回复序号：", *lines]))


def wanted_from(text: str, each: Timed) -> Wanted:
    """What an admin wrote behind the word of a digest; refused saying what can be written."""
    plain = normalise(text).strip()
    when, to, groups = plain, "", ""
    for word in TO:
        if not to and word in plain:
            when, to, groups = plain.partition(word)
    key = command_key(when)
    if key in AGAIN | NOT_AGAIN and not to:
        return _again(key in AGAIN, each.digest)
    if key in STOP and not to:
        return Wanted(enabled=False)
    purposes = _purposes(groups, each.digest) if to else None
    if key in GO_ON or (to and not key):
        return Wanted(enabled=True, purposes=purposes)
    return Wanted(_cron(when, text, each), True, purposes)


def _again(wanted: bool, digest: Digest) -> Wanted:
    if not digest.frozen_as:
        raise Refused(f"“{digest.title}”发出后不再更正，未作改动。{_how(digest)}")
    return Wanted(again=wanted)


def _cron(when: str, text: str, each: Timed) -> str:
    read = read_times(when, each.rows[0].cron)
    if read is None:
        raise Refused(f"没有看懂“{shown(text, 30)}”，未作改动。{_how(each.digest)}")
    line, clock = read
    if not clock.is_daytime:
        raise Refused(
            f"简报只在{EARLIEST}:00至{LATEST}:00之间发到群里，收到“{shown(text, 30)}”，"
            f"未作改动。请改写，例如：\n{each.digest.word} 每周一9:00"
        )
    return line


def _purposes(text: str, digest: Digest) -> tuple[ChatPurpose, ...]:
    named = tuple(p for p, title in GROUPS.items() if title.removesuffix("群") in text)
    if named and set(named) <= digest.audiences:
        return named
    allowed = "、".join(title for p, title in GROUPS.items() if p in digest.audiences)
    got = f"收到“{shown(text, 20)}”，" if text.strip() else ""
    raise Refused(
        f"{got}“{digest.title}”可发到：{allowed}，未作改动。"
        f"请写，例如：\n{digest.word} 发到 {GROUPS[digest.purpose]}"
    )


def _how(digest: Digest) -> str:
    return HOW.format(word=digest.word, group=GROUPS[digest.purpose])


def change(ctx: Context, each: Timed, wanted: Wanted) -> bool:
    """Write what is wanted into the rows, with an audit of each; False where it held already."""
    if wanted.again is not None:
        return _changed_again(ctx, each, wanted.again)
    purposes = wanted.purposes or each.purposes
    is_changed = False
    for purpose in {*purposes, *(ChatPurpose(row.purpose) for row in each.rows)}:
        row = next((row for row in each.rows if row.purpose == purpose), None)
        row = row or _added(each, purpose)
        cron = wanted.cron or row.cron
        enabled = purpose in purposes and wanted.enabled is not False
        before = _as_data(row)
        if (row.cron, row.enabled) != (cron, enabled):
            row.cron, row.enabled, row.changed_at = cron, enabled, ctx.now
            ctx.session.add(row)
            ctx.session.flush()
            _audited(ctx, row, before)
            is_changed = True
    return is_changed


def _changed_again(ctx: Context, each: Timed, wanted: bool) -> bool:
    """Whether late reports send it once more, as part of the programme's policy."""
    before = goes_out_again(each.programme, each.digest)
    if before == wanted:
        return False
    stated, name = digest_policies(each.programme), each.digest.name
    each.programme.amend("digests", {**stated, name: {**stated.get(name, {}), "again": wanted}})
    ctx.session.add(each.programme)
    was, now = {"digest": name, "again": before}, {"digest": name, "again": wanted}
    ctx.record("digest_again", "programme", each.programme.id or 0, before=was, after=now)
    return True


def _added(each: Timed, purpose: ChatPurpose) -> DigestSchedule:
    return DigestSchedule(
        programme_id=each.programme.id or 0,
        digest=each.digest.name,
        purpose=purpose,
        cron=each.rows[0].cron,
        enabled=False,
    )


def _as_data(row: DigestSchedule) -> dict[str, object]:
    return {"cron": row.cron, "enabled": row.enabled, "purpose": row.purpose}


def _audited(ctx: Context, row: DigestSchedule, before: dict[str, object]) -> None:
    ctx.record("digest_time", "digest_schedule", row.id or 0, before=before, after=_as_data(row))


def next_text(ctx: Context, each: Timed, *, besides: str = "") -> str:
    """下次9月6日9:00, of another period than the one *besides*; empty where it is stopped."""
    if not each.on or each.is_finished:
        return ""
    line, fire = CronLine(each.on[0].cron, ctx.services.zone), ctx.now
    for _ in range(_MOST_FIRES):
        following = line.next_fire(fire)
        if following is None:
            return ""
        if line.period(following) != besides:
            local = following.astimezone(ctx.services.zone)
            return f"下次{day_text(local.date())}{local.hour}:{local:%M}"
        fire = following
    return ""


def listed(found: Iterable[Timed]) -> list[str]:
    """A line for each digest and time: 周报（每周排名）：每周一9:00，发领导群（答卷专栏）."""
    lines: dict[str, list[str]] = {}
    for each in found:
        word, title = each.digest.word, each.digest.title
        name = word if word == title else f"{word}（{title}）"
        lines.setdefault(f"{name}：{each.text}", []).append(each.programme.short_title)
    return [f"{line}（{'、'.join(titles)}）" for line, titles in lines.items()]
