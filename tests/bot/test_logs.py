"""Logs tell where and how long, never what was said or by whom."""

import json
import logging
from pathlib import Path

import pytest
import structlog

from bot.logs import set_up_logs
from models.db import Database
from models.errors import DeliveryError
from tests.hall import Hall, break_down, refuse

CANARY_TEXT = "机密金丝雀"
CANARY_NAME = "金丝雀联络员"


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_log_line_holds_what_was_said_or_who_said_it(
    sqlite: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """Success, refusal, a bug that quotes the text, a stranger, a refused send, a spooled call."""
    structlog.reset_defaults()
    set_up_logs("DEBUG", form)
    hall = Hall(sqlite, tmp_path)
    hall.ask(f"回声 {CANARY_TEXT}", id="m1")
    for number, trouble in enumerate((refuse, break_down)):
        hall.trouble = trouble
        hall.ask(f"记账 {CANARY_TEXT}", id=f"t{number}")
    hall.ask(CANARY_TEXT, sender="x1", id="m2", sender_name=CANARY_NAME)
    hall.platform.refuses = [DeliveryError("机器人不在群里", retryable=False)]
    hall.ask(f"回声 {CANARY_TEXT}", id="m3")
    with hall.database.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN")
    hall.write(f"回声 {CANARY_TEXT}", id="m4")
    hall.close()

    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert CANARY_TEXT not in out + err
    assert CANARY_NAME not in out + err
    for event in ("message handled", "message failed", "not delivered", "message spooled"):
        assert any(event in line for line in lines), event
    assert "break_down" in err, "the place of a bug is told"
    if form == "json":
        failed = next(json.loads(line) for line in lines if "message failed" in line)
        assert failed["message_id"] == "t1"
        assert failed["exception"].startswith("ValueError\n")


def test_the_logs_of_libraries_keep_their_exceptions_text_to_themselves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("INFO", "json")

    try:
        raise ValueError(CANARY_TEXT) from KeyError(CANARY_NAME)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")

    line = json.loads(capsys.readouterr().err)
    assert line["event"] == "Exception in ASGI application"
    assert "test_the_logs_of_libraries" in line["exception"]
    assert "KeyError" in line["exception"]
    assert CANARY_TEXT not in str(line)
    assert CANARY_NAME not in str(line)
