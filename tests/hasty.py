"""`dajuan` whose bot's connection changes hands soon: seconds, then the command as ever.

python -m tests.hasty 6 serve --port 8000
"""

import sys
from datetime import timedelta

from bot.cli import main
from bot.wecom import connection, ownership
from scheduler import delivery


def hasten(seconds: float) -> None:
    """The lease of a dead process runs out after *seconds*, and so do its claims on words."""
    ownership.SPAN = delivery.CLAIM = timedelta(seconds=seconds)
    connection.RENEWED_EVERY, connection.ASKED_EVERY = 1.0, 0.5


if __name__ == "__main__":
    hasten(float(sys.argv.pop(1)))
    main()
