"""怎么报 …: short answers to what people ask when they are stuck, by the words they use."""

from dataclasses import dataclass

from handlers.reading.normalise import command_key


@dataclass(frozen=True)
class Topic:
    """One answer; *words* are what people call its subject, the first as a list names it."""

    words: tuple[str, ...]
    text: str


TOPICS = (
    Topic(
        ("图片", "照片", "配图", "原图", "图片要求", "传图", "发图"),
        "图片怎么发：\n"
        "1. 直接发给我，先发后发都可以，一次最多9张，都算在正在填的报送里。\n"
        "2. 发送时勾选“原图”，或按文件发送；聊天软件会压缩，压缩后可能不够大。\n"
        "3. 不要带水印、边框和文字，不要截图。\n"
        "4. 每张写明标题、时间、地点，如：图1 现场安装；8月20日；吉首市乾州街道。\n"
        "比例不合时我会给出裁剪图，回复“用裁剪图”即可。",
    ),
    Topic(
        ("图片说明", "说明", "标题", "图说"),
        "图片说明写三样：标题；时间；地点。\n"
        "图1 现场安装；8月20日；吉首市乾州街道\n"
        "图2 设备调试；8月21日；泸溪县武溪镇\n"
        "几张相同，写一条不带图号的即可：现场安装；8月20日；吉首市乾州街道。",
    ),
    Topic(
        ("裁剪", "裁剪图", "比例"),
        "图片比例不合时，我会发回裁剪预览：\n"
        "合适，发“用裁剪图”；要挪动，发“左移”“右移”“上移”“下移”，几张时写图号，如“图2 左移”；\n"
        "都不合适，重发一张即可。",
    ),
    Topic(
        ("换图", "删图", "加图"),
        "换一张：发“换图2”再发新图；去掉：发“删图2”；另加：直接发图，问到时回“加图”。",
    ),
    Topic(
        ("更正", "修改", "改数", "改", "报错了", "填错"),
        "还没报完：发“修改 完成数 1701”，只写要改的一项；退一步发“上一步”，全部重填发“重来”。\n"
        "已经报送：发“更正 编号”，下面只写要改的行；也可以引用（回复）我的回执，直接写改动。\n"
        "通过后也能更正，原数据在新版通过前继续有效。",
    ),
    Topic(
        ("撤回", "收回"),
        "审核前发“撤回 编号”即收回；撤回自己发出的那条消息也一样。审核后请用“更正 编号”。",
    ),
    Topic(
        ("无变化", "没有变化", "零报告", "没进展"),
        "数据与上次相同，发“无变化 任务编号”，沿用上次通过的数据，不用再填。\n"
        "要求每期附图的任务不能零报告，请照常报送。",
    ),
    Topic(
        ("截至", "日期", "时间", "截止日期", "截至日期"),
        "截至写数据的日期，如“截至：8月31日”“1—8月”“8月底”。\n"
        "这一期已经结束而没有写，按本期最后一天计，并在回执里写明。",
    ),
    Topic(
        ("完成数", "数据", "数字", "单位", "百分比", "完成率"),
        "完成数写年初以来的累计数加单位，如“1710个”“1.65万人次”“6498万元”。\n"
        "完成率由我计算，不用写；写了会核对。约数写“约”，我会照记。",
    ),
    Topic(
        ("一段话", "段落", "文字", "材料", "措施", "成效", "问题", "下步打算"),
        "可以把写好的一段话直接粘在任务名后面，如：\n"
        "报送 州1-7 截至8月底，全州建成安防设备1710个……\n"
        "我会读出数字并列给您看；“措施：”“成效：”“问题：”“下步打算：”各起一行，就各归各处。",
    ),
    Topic(
        ("几项", "多项", "一起报", "几个任务", "多个任务"),
        "几项可以一条消息报完，每项另起一段、以任务编号开头：\n"
        "报送\n州1-7\n截至：8月31日\n完成数：1710个\n措施：……\n\n州1-8\n……\n"
        "我逐项处理，一并回复哪几项已收到、哪几项还缺什么。",
    ),
    Topic(
        ("表格", "excel", "xlsx", "文件", "工作簿"),
        "在 Excel 里选中带表头的几行，复制后直接粘贴发来；或把 .xlsx 文件发给我。\n"
        "第一列写任务编号或名称，其他列写完成数、截至、措施等。填报用的表可发“模板”领取。",
    ),
    Topic(
        ("几个单位", "多个单位", "单位不对"),
        "您联系几个单位、而这一项各自要报时，我会先问是哪个单位，回复序号即可；"
        "也可以直接写明：报送 政7（2） 州教体局。",
    ),
    Topic(
        ("县市", "县市数据", "分县市"),
        "县市数据写在一行里，如：\n县市：吉首市1000个、花垣县55个、凤凰县76个\n"
        "各县市之和与总数不符时，我会请您核对。",
    ),
    Topic(
        ("逾期", "迟报", "晚了", "过期", "过了时间"),
        "逾期仍可报送，会记为逾期；下一期到期后这一期就关闭。"
        "需要延期，请发“延期 任务编号 日期 原因”，由管理员答复。",
    ),
    Topic(
        ("退回", "被退回"),
        "退回后按原因改好，发“更正 编号”加要改的行；只有一件退回时，直接发要改的内容即可。\n"
        "首次报送的时间不变，不会因此算作逾期。",
    ),
    Topic(
        ("动态", "新闻", "稿件"),
        "登记当月的新闻、总结、专报或案例：\n动态 任务编号 标题 链接\n"
        "上月的写明月份：动态 感3 8月 标题 链接",
    ),
    Topic(
        ("对接", "汇报", "上争"),
        "登记与上级部门的对接，只写职务，不写姓名：\n"
        "对接 激7 9月19日 州领导到省厅汇报，省厅表示支持",
    ),
    Topic(
        ("群里", "群聊", "在群里"),
        "群里要 @ 我才听得到；报送请到与我的单聊中进行，群里开头的报送也会转到单聊继续。",
    ),
    Topic(
        ("确认", "疑点", "提示"),
        "我提示的疑点核对无误，发“确认”；注明要原因的，发“确认 原因”。有误就发改正的内容。",
    ),
    Topic(
        ("序号", "选择", "列表"),
        "我列出几项时，回复前面的数字即可，如“2”；也可以直接写任务编号或名称。",
    ),
)

_BY_WORD = {command_key(word): topic for topic in TOPICS for word in topic.words}


def is_topic(query: str) -> bool:
    """Whether *query* begins with the word of a topic and hardly says more: 图片, 表格的."""
    key = command_key(query)
    return any(key.startswith(word) and len(key) <= len(word) + 2 for word in _BY_WORD)


def topic_of(query: str) -> Topic | None:
    """The topic that *query* names or, where it says more, the one whose word it holds.

    Of several words the longest counts; a long query is about something of its own.
    """
    key = command_key(query)
    if len(key) > _LONGEST_QUERY:
        return None
    held = sorted((word for word in _BY_WORD if word in key), key=len)
    return _BY_WORD[held[-1]] if held else None


#: 图片要发几张比较合适 still asks about pictures; a report does not.
_LONGEST_QUERY = 16


def topic_names() -> str:
    """What can be asked, in one line."""
    return "、".join(topic.words[0] for topic in TOPICS)
