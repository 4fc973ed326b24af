"""What a start must not wait for."""

import subprocess
import sys

#: Libraries that only loading a document or hearing a name's sound needs: half a second together.
_HEAVY = {"docx", "openpyxl", "pypinyin", "alembic"}
_START = (
    "import bot.app, sys; from handlers.registry import discover; discover(); "
    "print(*{name.partition('.')[0] for name in sys.modules})"
)


def test_a_start_does_not_load_libraries_for_documents() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _START], capture_output=True, text=True, check=True, timeout=60
    )

    loaded = set(ran.stdout.split())
    assert "sqlmodel" in loaded
    assert not loaded & _HEAVY
