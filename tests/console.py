"""`dajuan …` in tests as a script runs it, in a sandbox of its own."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.cli import main


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Dajuan = Callable[..., Ran]


def console(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Dajuan:
    """The command line in *folder*, without anything of this machine's settings."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SANDBOX", "true")
    for name in ("DATABASE_URL", "MEDIA_URL", "SECRET_KEY", "WECOM_CORP_ID", "LOG_FORMAT"):
        monkeypatch.delenv(name, raising=False)

    def run(*words: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "argv", ["dajuan", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        code: Any = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        return Ran(code, *capsys.readouterr())

    return run
