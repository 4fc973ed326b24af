"""A message that is no command: it continues what was begun, or is kindly said to be none."""

import re

from handlers import phrases
from handlers.alone import limits
from handlers.context import Context
from handlers.lists import keep_list, shown_list
from handlers.reading.doubts import is_as_before, is_put_off
from handlers.reading.harmless import shown
from handlers.reading.headings import head_at
from handlers.reading.leaving import gives_up, sets_aside, starts_over
from handlers.reading.limits import LONGEST
from handlers.reading.loose_words import may_be_section, may_go_on
from handlers.reading.normalise import clean, command_key, normalise
from handlers.reading.spoken import read_choice
from handlers.reporting.agreed import agreed, is_unclear_digit
from handlers.reporting.amending import correction_meant, offer_correction
from handlers.reporting.arrived import unusable_text, usable, with_message
from handlers.reporting.begin import looks_like_report
from handlers.reporting.between import question_answered, waits
from handlers.reporting.blank import next_form
from handlers.reporting.buttons import CANCEL, CONFIRM, RESTART, buttons
from handlers.reporting.captioned import captions_a_picture, is_captioning, unclear_text
from handlers.reporting.content import SectionSaid
from handlers.reporting.correct import correct, is_part_of, join_pictures
from handlers.reporting.drafts import keep
from handlers.reporting.early import of_no_use
from handlers.reporting.failures import needs_template
from handlers.reporting.flow import advance, ask_again, not_taken
from handlers.reporting.naming import is_own, matter_named
from handlers.reporting.nil import loose_nil, nil_name, nil_offered, offer_nil, report_nil
from handlers.reporting.owed import example_task
from handlers.reporting.own import fresh_report, only_returned
from handlers.reporting.pasted import pasted_rows
from handlers.reporting.picture_days import day_answered
from handlers.reporting.refused_tables import without_refused
from handlers.reporting.said import (
    is_of,
    is_several,
    only_part,
    parts_of,
    report_parts,
    report_table,
    table_of,
)
from handlers.reporting.set_aside import acknowledged, laid_aside, not_of_report, said_wrong
from handlers.reporting.slots import not_taken_texts
from handlers.reporting.switching import offer_other, redirected
from handlers.reporting.tables import Table, looks_like_table
from handlers.reporting.waiting import MOST, let_wait, waiting_pictures
from handlers.reporting.work import Work, open_work
from handlers.supervising.orders_answering import joins_evidence
from handlers.teaching.overview import in_group
from handlers.workbooks import file_sent, take_file
from models.member import RoleName
from models.message import ChatKind, Reply

_COURTESIES = re.compile(
    "(?:已?收到了?|好的?|嗯+|行|可以|没问题|ok(?:ay)?|谢谢?[了您你]?|多谢|感谢|[您你]?辛苦[了您你]*|麻烦[您你]?了|不客气"
    "|知道了|明白了?|了解了?|老师|领导|[啊呀哈哦噢啦])+"
)
#: 🌹👌 say what the words say.
_NO_WORD = re.compile(r"\W+")

_LONGEST = 20
_REPORTED = "报送 {}"
_HEADING = re.compile(r"\s*(?P<name>[^\s:：]{1,12})\s*[:：]")

#: These read tables themselves.
_REPORT = re.compile(r"\s*(?:报送|上报|填报|报数|更正|修改)(?=\s)")

#: 收到，马上报: people say that they will.
_PROMISE = re.compile(
    "(?:收到|好的?|知道了|明白|嗯嗯?|ok|行)?(?:我们?)?(?:马上|立即|立刻|尽快|抓紧|稍后|这就|今天|下午|明天|待会儿?)"
    "(?:就)?(?:报|报送|上报|补报|办|办理|落实|处理|改|补|发)(?:来|过来|上来)?(?:谢谢|好的)?"
)
_GREETINGS = frozenset(
    (
        "你好 您好 在吗 在么 在不在 在不 你好在吗 您好在吗 有人吗 早 早上好 上午好 下午好 晚上好 "
        "hi hello 哈喽 嗨"
    ).split()
)


def go_on(context: Context) -> Reply | None:
    """What a message without a command word is answered with; None where no answer is due."""
    text = clean(context.message.text)
    work = open_work(context)
    has_media = bool(context.media or context.failed_media)
    if has_media and work is None and (more := joins_evidence(context, text)) is not None:
        return more
    if (file := file_sent(context)) is not None:
        return take_file(context, file)
    if is_courtesy(text) and not has_media:
        return acknowledged(work, text) if work else None
    if not has_media and not text.strip():
        return _called(context)
    if not has_media and is_greeting(text) and work is None:
        return _greeted(context)
    if (table := _table(context, text)) is not None:
        return report_table(context, table)
    if work is not None:
        return _continue(work, text)
    if has_media and context.speaker.has(RoleName.LIAISON):
        return _pictures_alone(context, text)
    if not looks_like_report(context, text) and _is_caption_of_waiting(context, text):
        let_wait(context.session, context.speaker.id, (), text, context.now)
        return Reply("图片说明已记下。请接着发“报送”加任务编号和内容。")
    if context.speaker.has(RoleName.LIAISON) and captions_a_picture(text, context.today):
        return _caption_alone(context, text)
    return not_understood(context)


def is_content(context: Context, text: str) -> bool:
    """Whether *text* is a report though it begins with the word of a command.

    So begin a section of the open report (进展：…) and a table whose first header is 任务; a
    caption (图1 …；吉首市) is about no unit that it names.
    """
    is_report = _REPORT.match(text) is not None
    if context.speaker.has(RoleName.LIAISON) and captions_a_picture(text, context.today):
        return True
    return _begins_a_section(context, text) or (not is_report and _may_be_table(context, text))


def _begins_a_section(context: Context, text: str) -> bool:
    found = _HEADING.match(text)
    work = open_work(context) if found else None
    if found is None or work is None:
        return False
    names = (name for each in work.form.sections for name in (each.name, *each.aliases))
    return command_key(found["name"]) in map(command_key, names)


def _may_be_table(context: Context, text: str) -> bool:
    return context.speaker.has(RoleName.LIAISON) and looks_like_table(pasted_rows(text))


def is_table(context: Context, text: str) -> bool:
    """Whether all that *text* holds is a table of reports, with no more than a word above it."""
    found = _REPORT.match(text)
    return _table(context, text[found.end() :] if found else text) is not None


def _table(context: Context, text: str) -> Table | None:
    table = table_of(context, text) if _may_be_table(context, text) else None
    return table if table and table.has_header else None


def is_courtesy(text: str) -> bool:
    """Whether *text* only says that something was read: it needs no answer and is no data."""
    key = _NO_WORD.sub("", command_key(text))
    is_kind = _COURTESIES.fullmatch(key) is not None
    return is_kind or _PROMISE.fullmatch(key) is not None


def is_greeting(text: str) -> bool:
    """Whether *text* only asks whether somebody is there."""
    return command_key(text) in _GREETINGS


def _called(context: Context) -> Reply | None:
    """The help for whoever says nothing else; in a group what all may read, and its limits."""
    if context.chat.kind != ChatKind.GROUP:
        return context.services.registry.commands["help"].run(context, "")
    lines = (_greeted(context).text, in_group(context), limits(context.message))
    return Reply("\n".join(filter(None, lines)))


def _greeted(context: Context) -> Reply:
    """The answer to a greeting: said where it was."""
    context.moved = False
    if not context.speaker.has(RoleName.LIAISON):
        return Reply(phrases.GREETING_OF_READERS)
    number = None if context.in_group else example_task(context)
    return Reply(phrases.GREETING.replace("任务编号", number or "任务编号"))


def not_understood(context: Context) -> Reply:
    """The kind answer to casual talk, with the speaker's own next task as the example."""
    if not context.speaker.has(RoleName.LIAISON):
        return Reply("这句话没有对应的操作，未作处理。全部用法请发“帮助”。")
    text = clean(context.message.text).strip()
    if (name := nil_name(text)) is not None and is_own(context, name):
        matter = matter_named(context, name, "无变化 {}")
        return matter if isinstance(matter, Reply) else report_nil(context, matter, name)
    if (loose := loose_nil(text)) and is_own(context, loose):
        matter = matter_named(context, loose, "无变化 {}")
        return matter if isinstance(matter, Reply) else offer_nil(context, matter)
    if (offer := correction_meant(context, text)) is not None:
        return offer
    returned = only_returned(context)
    if returned is not None and is_part_of(context, returned, text):
        return offer_correction(context, returned, text)
    if _is_report(context, text):
        return _offer_report(context, text)
    if (answer := question_answered(context, text, None)) is not None:
        return answer
    if may_go_on(text) and (offered := _offered(context)):
        return _offer_more(context, offered, text)
    sent = fresh_report(context)
    if sent is not None and read_choice(text) is None and is_part_of(context, sent, text):
        return offer_correction(context, sent, text)
    if needs_template(context) and (form := next_form(context)):
        return Reply(f"连续两次没有读懂。您接下来要报的是：\n{form}")
    number = example_task(context) or "任务编号"
    return Reply(phrases.NOT_UNDERSTOOD.replace("任务编号", number))


def _continue(work: Work, text: str) -> Reply | None:
    """The open report with what the message adds; what adds nothing is never data.

    Parts that each name a task are reports of their own, and one that names another task is
    offered as its report.
    """
    if sets_aside(text):
        return laid_aside(work)
    if gives_up(text):
        return _offer_cancel(work)
    if starts_over(text):
        return _offer_restart(work)
    if (answer := correction_meant(work.context, text, work.form.task)) is not None:
        return answer
    parts = parts_of(work.context, text)
    if is_several(parts):
        return report_parts(work.context, parts)
    if (only := only_part(parts)) is not None:
        if is_of(work, only):
            text = only.text
        elif looks_like_report(work.context, text):
            return _offer_report(work.context, text)
    return _answered(work, text) or _added(work, text)


def _answered(work: Work, text: str) -> Reply | None:
    """The answer to what is asked, or what is asked back; None where *text* may be content."""
    for answers in (redirected, agreed, said_wrong, nil_offered):
        if (answer := answers(work, text)) is not None:
            return answer
    if is_unclear_digit(work, text):
        return ask_again(work, f"“{text.strip()}”未作为数据采用。同意请发“确认”，要改请写全。")
    if (answer := question_answered(work.context, text, work)) is not None:
        return answer
    return None if work.context.media else day_answered(work, text)


def _added(work: Work, text: str) -> Reply:
    """The open report with what the message adds, or why it adds nothing."""
    changed, is_more = with_message(work, text)
    if is_more:
        return advance(changed)
    if unusable := unusable_text(work.context):
        return not_taken(work, unusable)
    for answers in (not_of_report, offer_other):
        if (answer := answers(work, text)) is not None:
            return answer
    if tables := without_refused(clean(text), work.form)[1]:
        return not_taken(work, f"{'、'.join(tables)}不是本项要报的数，未采用。")
    if is_put_off(text):
        return waits(work)
    if is_as_before(text):
        return not_taken(work, "请写出本期的内容，不能只写与上次一样；数据没有变化的请发“无变化”。")
    if (section := _missing_section(work, text)) is not None:
        return _offer_section(work, section, text)
    return not_taken(work, unclear_text(changed.content) or "这句话没有写进报送。")


def _offer_cancel(work: Work) -> Reply:
    keep_list(work.context, "{}", [CANCEL])
    return Reply(
        f"{work.form.name} 还没有报，填写的内容仍保留。取消这一项请回复 1；"
        "先放下不用回复，要接着报时请发“继续”。",
        choices=buttons(work.draft, CANCEL),
    )


def _offer_restart(work: Work) -> Reply:
    keep_list(work.context, "{}", [RESTART])
    return Reply(
        f"要清空 {work.form.name} 已填的内容，重新填写吗？清空请回复 1；"
        "只改一处请直接发改后的内容，如“完成数 1701”。",
        choices=buttons(work.draft, RESTART),
    )


def _missing_section(work: Work, text: str) -> str | None:
    """The one section that is missing, if *text* can be it: no line of another field can."""
    if head_at(normalise(text), 0, work.form.vocabulary) is not None:
        return None
    missing = [
        each.name
        for each in work.form.sections
        if each.is_required and not work.content.section(each.name)
    ]
    return missing[0] if len(missing) == 1 and may_be_section(text) else None


def _offer_section(work: Work, section: str, text: str) -> Reply:
    context = work.context
    pending = work.content.with_pending(
        SectionSaid(section, text.strip()), clean(text), context.inbox_id
    )
    keep(work.draft, pending, "section", context.now)
    return Reply(
        f"“{shown(text, _LONGEST)}”是否作为“{section}”？"
        f"是请发“确认”；不是请发“{section}：”加内容。",
        choices=buttons(work.draft, CONFIRM),
    )


def _is_report(context: Context, text: str) -> bool:
    return looks_like_report(context, text) or is_several(parts_of(context, text))


def _offer_report(context: Context, text: str, opening: str = "这段话像是报送内容") -> Reply:
    """One digit makes it a report; unasked it stays talk."""
    keep_list(context, _REPORTED, [text])
    return Reply(f"{opening}，尚未受理。按报送处理请回复 1；也可在开头加“报送”重发。")


def _offered(context: Context) -> str:
    """The text that was offered to be reported, and that no number has answered yet."""
    listing = shown_list(context.session, context.speaker.id, context.now)
    if listing is None or listing.template != _REPORTED or len(listing.entries) != 1:
        return ""
    text = str(listing.entries[0])
    return text if _is_report(context, text) else ""


def _offer_more(context: Context, offered: str, text: str) -> Reply:
    """The offer once more with what was said since; of several reports the last word is of one."""
    whole = f"{offered}\n{text}"
    if len(whole) > LONGEST or is_several(parts_of(context, offered)):
        return Reply("上一段像是报送内容，还等您回复：按报送处理请先回复 1，再发这一条。")
    return _offer_report(context, whole, "已接在上一段后面")


def take_pictures(context: Context) -> Reply | None:
    """The pictures of a message whose words are answered already: into the report, or waiting."""
    work = open_work(context)
    return _pictures_alone(context, "") if work is None else _continue(work, "")


def _pictures_alone(context: Context, text: str) -> Reply | None:
    """Pictures without an open report join the one just sent, or wait for the next."""
    context.pictures_taken = True
    pictures = usable(context.media)
    if not pictures:
        return Reply(unusable_text(context))
    if (report := fresh_report(context)) is not None:
        return join_pictures(context, report, text)
    if (returned := only_returned(context)) is not None:
        return correct(context, returned, text)
    refused = of_no_use(context, pictures)
    context.asides += refused.values()
    shas = [each.sha for each in pictures if each.sha not in refused]
    if not shas and not waiting_pictures(context.session, context.speaker.id, context.now):
        return Reply("\n".join(filter(None, (unusable_text(context), _kept_words(context, text)))))
    waiting, over = let_wait(context.session, context.speaker.id, shas, text, context.now)
    context.asides += not_taken_texts(0, over, MOST)
    number = example_task(context) or "任务编号"
    kept = f"已收到图片，共{len(waiting.shas)}张，将附在您接下来的报送中。"
    lines = [unusable_text(context), kept, f"请发“报送 {number}”加内容；不用了请发“取消”。"]
    return Reply("\n".join(filter(None, lines)))


def _kept_words(context: Context, text: str) -> str:
    """What came with pictures that are of no use waits for better ones."""
    if not text.strip():
        return ""
    let_wait(context.session, context.speaker.id, (), text, context.now)
    return "图片说明已记下，重发图片即可。"


def _caption_alone(context: Context, text: str) -> Reply:
    """A caption without pictures: of the report just sent or returned, or of nothing yet."""
    report = fresh_report(context) or only_returned(context)
    if report is not None:
        return offer_correction(context, report, text)
    number = example_task(context) or "任务编号"
    return Reply(
        "收到图片说明，但没有收到图片，也没有填写中的报送，未记下。"
        f"请发“报送 {number}”加内容，图片和说明一起发来。"
    )


def _is_caption_of_waiting(context: Context, text: str) -> bool:
    """Whether *text* captions pictures that wait for their report."""
    waiting = waiting_pictures(context.session, context.speaker.id, context.now)
    return waiting is not None and is_captioning(text, context.today, len(waiting.shas))
