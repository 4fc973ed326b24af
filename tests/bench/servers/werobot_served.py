"""WeRoBot for gunicorn: it checks, opens and parses; the handler stores nothing."""

import logging

from bottle import Bottle
from werobot import WeRoBot
from werobot.config import Config
from werobot.contrib.bottle import make_view

from tests.twins.wecom.corp import CORP_ID, ENCODING_KEY, TOKEN

_ROBOT = WeRoBot(
    config=Config(TOKEN=TOKEN, APP_ID=CORP_ID, ENCODING_AES_KEY=ENCODING_KEY, SESSION_STORAGE=False)
)
_ROBOT.logger.setLevel(logging.ERROR)  # else a line for every message that is not answered


@_ROBOT.handler
def _received() -> str:
    """Nothing is said in the answer, as the service says nothing there."""
    return ""


app = Bottle()
app.route("/webhooks/wecom/app", ["POST"], make_view(_ROBOT))
app.route("/readyz", ["GET"], lambda: "")
