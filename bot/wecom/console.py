"""Where WeCom's console shows or takes each value, by the names that stand there."""

_CONSOLE = "管理后台"
APP = f"{_CONSOLE} → 应用管理 → 应用 → 自建 → 本应用"
BOT = f"{_CONSOLE} → 安全与管理 → 管理工具 → 智能机器人 → 本机器人"
RECEIVING = f"{APP} → 接收消息 → 设置API接收"
BY_ADDRESS = f"{BOT} → API配置 → 使用URL回调"
BY_CONNECTION = f"{BOT} → API配置 → 使用长连接"
TRUSTED_IP = f"{APP} → 企业可信IP → 配置"
VISIBLE = f"{APP} → 可见范围"
PEOPLE = f"{_CONSOLE} → 通讯录 → 成员 → 账号"
ROBOT = "群聊 → 右上角 → 消息推送（原群机器人）→ Webhook地址中 key= 后面的部分"

#: Where the value of a setting is read.
PAGES = {
    "WECOM_CORP_ID": f"{_CONSOLE} → 我的企业 → 企业信息 → 企业ID",
    "WECOM_APP_AGENT_ID": f"{APP} → AgentId",
    "WECOM_APP_SECRET": f"{APP} → Secret → 查看",
    "WECOM_APP_TOKEN": f"{RECEIVING} → Token",
    "WECOM_APP_AES_KEY": f"{RECEIVING} → EncodingAESKey",
    "WECOM_BOT_NAME": f"{BOT} → 名称",
    "WECOM_BOT_TOKEN": f"{BY_ADDRESS} → Token",
    "WECOM_BOT_AES_KEY": f"{BY_ADDRESS} → EncodingAESKey",
    "WECOM_BOT_ID": f"{BY_CONNECTION} → Bot ID",
    "WECOM_BOT_SECRET": f"{BY_CONNECTION} → Secret",
}


def where(name: str) -> str:
    """A setting with the page on which its value stands."""
    return f"{name}：{PAGES[name]}"
