"""The first sheet, 说明: what the workbook is for and how it is filled in."""

from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from models.programmes.workbook import styling
from models.programmes.workbook.sheets import ALL_TASKS, GUIDE, SHEETS

_TITLE = "专项填报工作簿"
_OPENING = (
    "本工作簿用于建立一个专项：填好后发给机器人或交系统管理员载入。",
    "载入前会检查全部内容；有一处不对，就逐处列出所在单元格和改法，什么都不会载入。改好后重新发送即可。",
)
_RULES_TITLE = "填写规则"
_RULES = (
    "蓝底深色的列必填，浅色的列可以不填。列可以调换顺序，请不要改列名。",
    "灰色的“说明”“例”两行只供参考，不会读入，不必删除。请从下一行空行开始填写。",
    "一格写几个名称，用“、”分开；一格写几句话，用“；”或换行（Alt+Enter）分开。名称本身带“、”的，写成「甲、乙」。",
    "数字只填数字，不带单位和“万”“%”；单位写在“计量单位”列。日期用日期格式。",
    "不要用公式；从别处复制的，请“粘贴为数值”。不要设密码，不要带宏。请保存为 .xlsx。",
    "单位名称以“单位”表为准。文件中写法不同的，把其他写法填入“别名”。",
    f"报送要求适用于所有任务的，任务编号写“{ALL_TASKS}”；某项任务单独写了的，以单独写的为准。",
    "任务类型不填时：没有指标的，有阶段为“节点”，以自报进度为准的为“形象进度”，其余为“文字”；"
    "有指标的，按计量单位为“资金”“计量”或“数量”，全部为达标类的为“达标”。",
    "以后要修改，请改同一个文件后重新载入：编号不变的任务保留已报送的数据。",
)
_SHEETS_TITLE = "各工作表"
_CHARACTERS_A_LINE = 46


def write_guide(worksheet: Worksheet) -> None:
    """Fill the first sheet of a workbook."""
    worksheet.title = GUIDE
    worksheet.sheet_view.showGridLines = False
    worksheet.column_dimensions["A"].width = 16
    worksheet.column_dimensions["B"].width = 92
    _line(worksheet, 1, _TITLE, "", styling.TITLE)
    number = 2
    for text in _OPENING:
        number = _line(worksheet, number, "", text)
    number = _line(worksheet, number + 1, _SHEETS_TITLE, "", styling.BOLD)
    for at, sheet in enumerate(SHEETS, 1):
        number = _line(worksheet, number, f"{at}. {sheet.name}", sheet.about)
    number = _line(worksheet, number + 1, _RULES_TITLE, "", styling.BOLD)
    for at, text in enumerate(_RULES, 1):
        number = _line(worksheet, number, f"（{at}）", text)
    styling.lay_out(worksheet, "A1", styling.OPTIONAL_TAB, "1:1")


def _line(
    worksheet: Worksheet, number: int, left: str, right: str, font: Font = styling.PLAIN
) -> int:
    """Write one line; returns the number of the next."""
    for place, text in ((1, left), (2, right)):
        target = worksheet.cell(number, place)
        target.value, target.font = text or None, font
        target.alignment = styling.WRAP if font is styling.PLAIN else styling.CENTRE_LINE
    lines = -(-len(right) // _CHARACTERS_A_LINE) if right else 1
    worksheet.row_dimensions[number].height = 30 if font is styling.TITLE else 18 * lines + 4
    return number + 1
