"""The inbox and the outbox from the command line: list, show, retry, drop, recall."""

from typing import Annotated

import typer

from bot.cli_house import JsonFlag, fail, open_house, show_json, show_rows

inbox = typer.Typer(help="what came in, stuck messages first", no_args_is_help=True)
outbox = typer.Typer(help="what goes out, stuck words first", no_args_is_help=True)

Number = Annotated[int, typer.Argument(help="from `list`")]


@inbox.command("list")
def inbox_list(as_json: JsonFlag = False) -> None:
    """Failed messages first, then those that wait."""
    from bot.queues import inbox_data
    from models.inbox import stuck_messages

    with open_house() as house, house.database.read() as session:
        rows = [inbox_data(row) for row in stuck_messages(session)]
    show_rows(rows, as_json, "nothing is stuck")


@inbox.command("show")
def inbox_show(number: Number) -> None:
    """One message with everything that is known of it, its text included."""
    from bot.queues import inbox_data
    from models.inbox import InboxMessage

    with open_house() as house, house.database.read() as session:
        row = session.get(InboxMessage, number)
        came = {"request_id", "message"}
        data = None if row is None else inbox_data(row) | row.model_dump(include=came)
    if data is None:
        fail(f"there is no message {number}")
    show_json(data)


@inbox.command("retry")
def inbox_retry(number: Number) -> None:
    """Handle a failed or dropped message again; a service that runs takes it by itself."""
    from bot.queues import retry_message

    with open_house() as house:
        with house.database.write() as session:
            retry_message(session, number, house.clock())
        house.work_off()
    typer.echo(f"message {number} was given back to the inbox")


@inbox.command("drop")
def inbox_drop(number: Number) -> None:
    """Give up a stuck message; it is kept, but not handled."""
    from bot.queues import drop_message

    with open_house() as house, house.database.write() as session:
        drop_message(session, number, house.clock())
    typer.echo(f"message {number} dropped")


@outbox.command("list")
def outbox_list(as_json: JsonFlag = False) -> None:
    """Failed words and those without known outcome first, then those that wait."""
    from bot.queues import outbox_data
    from models.outbox import stuck_words

    with open_house() as house, house.database.read() as session:
        rows = [outbox_data(row) for row in stuck_words(session)]
    show_rows(rows, as_json, "nothing is stuck")


@outbox.command("show")
def outbox_show(number: Number) -> None:
    """One word with everything that is known of it, its text included."""
    from bot.queues import outbox_data
    from models.outbox import OutboxMessage

    with open_house() as house, house.database.read() as session:
        row = session.get(OutboxMessage, number)
        said = {"request_id", "text", "media"}
        data = None if row is None else outbox_data(row) | row.model_dump(include=said)
    if data is None:
        fail(f"there is no word {number}")
    show_json(data)


@outbox.command("retry")
def outbox_retry(number: Number) -> None:
    """Send a word that failed or waits now, as if for the first time."""
    from bot.queues import retry_word

    with open_house() as house:
        with house.database.write() as session:
            retry_word(session, number, house.clock())
        house.delivery.deliver_due()
    typer.echo(f"word {number} was given back to the outbox")


@outbox.command("drop")
def outbox_drop(number: Number) -> None:
    """Never send a stuck word; it is kept."""
    from bot.queues import drop_word

    with open_house() as house, house.database.write() as session:
        drop_word(session, number, house.clock())
    typer.echo(f"word {number} dropped")


@outbox.command("recall")
def outbox_recall(
    numbers: Annotated[list[int], typer.Argument(metavar="NUMBER…", help="what was sent")],
) -> None:
    """Take back what left within a day, where its platform can; exit 1 where something stays.

    One message that went to several people, or said several words, is taken back as a whole.
    """
    from bot.recall import recall_words

    with open_house() as house:
        outcomes = recall_words(house.database, house.platforms, numbers, house.clock())
    for each in outcomes:
        typer.echo(f"word {each.number} " + (f"stays: {each.why}" if each.why else "taken back"))
    if any(each.why for each in outcomes):
        raise typer.Exit(1)
