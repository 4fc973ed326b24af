"""Where DingTalk's consoles show or take each value, by the names that stand there."""

_CONSOLE = "开发者后台（open-dev.dingtalk.com）"
APP = f"{_CONSOLE} → 应用开发 → 企业内部应用 → 钉钉应用 → 本应用"
CREDENTIALS = f"{APP} → 凭证与基础信息"
ROBOT = f"{APP} → 应用能力 → 机器人"
RECEIVING = f"{ROBOT} → 消息接收模式"
ADDRESS = f"{ROBOT} → 消息接收模式选HTTP模式 → 消息接收地址"
PERMISSIONS = f"{APP} → 开发配置 → 权限管理"
OUTGOING_IP = f"{APP} → 开发配置 → 安全设置 → 服务器出口IP"
PUBLISHING = f"{APP} → 应用发布 → 版本管理与发布"
CARDS = "卡片平台（open-dev.dingtalk.com/fe/card）→ 本模板"
PEOPLE = "管理后台（oa.dingtalk.com）→ 通讯录 → 成员 → 员工UserID"
GROUP_ROBOT = "群设置 → 机器人 → 本机器人：Webhook 地址，安全设置“加签”下 SEC 开头的一串"

#: Where the value of a setting is read.
PAGES = {
    "DINGTALK_CLIENT_ID": f"{CREDENTIALS} → Client ID（原 AppKey）",
    "DINGTALK_CLIENT_SECRET": f"{CREDENTIALS} → Client Secret（原 AppSecret）",
    "DINGTALK_ROBOT_CODE": f"{ROBOT} → RobotCode；一般与 Client ID 相同",
    "DINGTALK_CORP_ID": f"{_CONSOLE} → 首页 → CorpId",
    "DINGTALK_MODE": f"{RECEIVING}：HTTP模式填 http，Stream模式填 stream",
    "DINGTALK_CARD_TEMPLATE": f"{CARDS} → 模板ID",
}


def where(name: str) -> str:
    """A setting with the page on which its value stands."""
    return f"{name}：{PAGES[name]}"
