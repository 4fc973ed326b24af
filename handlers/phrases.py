"""What the bot says in more than one place: courteous, short, and always what to send next."""

NOT_BOUND = (
    "您好，我是报送助手“答卷”。您尚未绑定身份，请向管理员索取邀请码，"
    "在与我的单聊中发送：\n绑定 邀请码"
)
BIND_IN_SINGLE_CHAT = "为保护邀请码，请在与我的单聊中发送“绑定 邀请码”。"
UNKNOWN_KIND = "暂不能处理这类消息。请发文字、图片或文件；查看用法请发“帮助”。"
OUTSIDER = "您好，我只答复本单位人员。如需办理，请联系本单位管理员。"
WITHHELD = (
    "本月机器人消息额度已用完，刚才的内容没有传到，请勿重发。急件请直接联系管理员；下月1日恢复。"
)
WITHHELD_IN_GROUP = (
    "本月机器人消息额度已用完，刚才的内容没有传到。报送请在与我的单聊中发一句话，凭答复的链接提交。"
)
TOO_MANY = (
    "您发送得太快或太多，刚才这条以及随后的消息没有接收；此前的正在依次办理。"
    "请稍候几分钟，再把没有得到答复的内容重发一次。"
)
NOT_UNDERSTOOD = (
    "这句话没有对应的操作，未作处理。\n"
    "查看待办请发“任务”；报送请发“报送 任务编号”；全部用法请发“帮助”。"
)
GREETING = "您好，我在。查看待报事项请发“任务”；报送请发“报送 任务编号”；全部用法请发“帮助”。"
GREETING_OF_READERS = "您好，我在。全部用法请发“帮助”。"
FAULT = (
    "抱歉，处理这条消息时出现故障。原文已保存，未丢失，也未重复；"
    "已通知运维人员，修复后会继续办理，请勿重发。"
)


def not_your_role(word: str, titles: str) -> str:
    """The refusal of a command whose role the speaker does not hold."""
    return f"“{word}”仅限{titles}使用。如需办理，请联系管理员；您可用的操作请发“帮助”查看。"


def only_in_single_chat(word: str) -> str:
    """The refusal of a command that a group should not read along."""
    return f"“{word}”请在与我的单聊中发送。"


def no_such_entry(number: int, count: int) -> str:
    """The answer to a number outside the list last shown."""
    which = "1" if count == 1 else f"1至{count}"
    return f"上一个列表共{count}项，没有第{number}项。请发{which}，或直接发任务编号。"


def withheld_with_form(address: str, until: str) -> str:
    """What is said to somebody whose words the platform kept back."""
    return (
        "本月机器人消息额度已用完，刚才的内容没有传到。请用浏览器打开此页，"
        f"提交文字、图片或文件：\n{address}\n"
        f"{until}前有效，仅限您本人使用，请勿转发；过期后在这里再发一句话取新链接。答复仍在这里。"
    )


def withheld_alarm(quota: str) -> str:
    """What operators are told once a month when a platform keeps back what people write."""
    return (
        f"{quota}额度本月已用完：来信不再带内容，系统看不到。联络员来信时，系统已逐人答复上传链接，"
        "可在网页上提交文字、图片和文件；下月1日恢复。"
    )
