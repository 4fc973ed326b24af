"""The tokens of other systems from the command line: add, list, revoke."""

from typing import Annotated

import typer

from bot.cli_house import JsonFlag, open_house, refuse_half_characters, show_json

token = typer.Typer(help="tokens with which other systems read /api/v1", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="the system that reads, e.g. 督查平台")]


@token.command("add")
def token_add(
    name: Name,
    programme: Annotated[
        list[str], typer.Option(metavar="CODE", help="what it may read; may be repeated")
    ],
    as_json: JsonFlag = False,
) -> None:
    """A token for a system; it is printed now and never again."""
    from bot.tokens import add_token

    refuse_half_characters(name, *programme)
    with open_house() as house, house.database.write() as session:
        made = add_token(session, name, programme, house.clock())
    if as_json:
        show_json({"name": name.strip(), "programmes": programme, "token": made})
        return
    typer.echo("shown this once: hand it over on a safe way, only its hash is kept", err=True)
    typer.echo(made)


@token.command("list")
def token_list(as_json: JsonFlag = False) -> None:
    """Who may read what, revoked ones included."""
    from bot.tokens import tokens_data

    with open_house() as house, house.database.read() as session:
        rows = tokens_data(session, house.settings.zone)
    if as_json:
        show_json(rows)
        return
    for row in rows:
        state = f"revoked {row['revoked_at']}" if row["revoked_at"] else "in use"
        typer.echo(f"{row['name']}  {'、'.join(row['programmes'])}  {row['made_at']}  {state}")


@token.command("revoke")
def token_revoke(name: Name) -> None:
    """The token opens nothing any more, from the next call on."""
    from bot.tokens import revoke_token

    refuse_half_characters(name)
    with open_house() as house, house.database.write() as session:
        revoke_token(session, name, house.clock())
    typer.echo(f"token of {name.strip()} revoked")
