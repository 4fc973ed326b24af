"""A division of work written out as an office prints it: numbered items, brackets of units."""

from models.programmes.definition import ClauseEntry, Definition


def as_text(definition: Definition) -> str:
    """The programme as running text under headings; reading it gives the clauses back."""
    lines = [
        f"{definition.area}人民政府关于印发《{definition.title}》的通知",
        "",
        f"{definition.title}",
        "",
        "一、重点工作",
    ]
    theme, number = "", 0
    for at, task in enumerate(definition.tasks, start=1):
        if task.theme != theme:
            theme, number = task.theme, number + 1
            lines += ["", f"（{_chinese(number)}）{theme}", ""]
        lines.append(f"{at}．" + "".join(f"{c.text}。（{_answers(c)}）" for c in task.clauses))
    return "\n".join(lines)


def _answers(clause: ClauseEntry) -> str:
    everybody = "、".join((*clause.lead, *clause.unnamed))
    if clause.role == "each":
        return f"{everybody}分别负责"
    if clause.role == "shared":
        return f"{everybody}等按职责分工负责"
    if not clause.supporting and not clause.unnamed:
        return f"{'、'.join(clause.lead)}牵头"
    helping = "、".join((*clause.supporting, *clause.unnamed))
    return f"{'、'.join(clause.lead)}牵头，{helping}按职责分工负责"


def _chinese(number: int) -> str:
    """1 to 99 as headings count."""
    digits = "一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else digits[tens - 1] + "十"
    return head + (digits[ones - 1] if ones else "")
