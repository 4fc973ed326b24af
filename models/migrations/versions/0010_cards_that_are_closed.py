"""What a card is about, and the code by which it is closed once that is decided."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about", text, nullable=False, server_default=""))
        batch_op.add_column(sa.Column("code", text, nullable=False, server_default=""))
        batch_op.create_index(batch_op.f("ix_outbox_about"), ["about"], unique=False)


def downgrade() -> None:
    # What is under way to close a card would be said as a word.
    op.execute("DELETE FROM outbox WHERE state = 'waiting' AND code <> ''")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_about"))
        batch_op.drop_column("code")
        batch_op.drop_column("about")
