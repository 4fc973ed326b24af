"""wechatpy behind Flask, for gunicorn: check, open, parse and acknowledge; nothing is stored."""

from flask import Flask, request
from wechatpy.work.crypto import WeChatCrypto
from wechatpy.work.parser import parse_message

from tests.twins.wecom.corp import CORP_ID, ENCODING_KEY, TOKEN

_CRYPTO = WeChatCrypto(TOKEN, ENCODING_KEY, CORP_ID)

app = Flask(__name__)


@app.post("/webhooks/wecom/app")
def received() -> str:
    """Empty, as WeCom takes it, once the message was read."""
    said = request.args
    plain = _CRYPTO.decrypt_message(
        request.get_data(), said["msg_signature"], said["timestamp"], said["nonce"]
    )
    parse_message(plain)
    return ""


@app.get("/readyz")
def ready() -> str:
    return ""
