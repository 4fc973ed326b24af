"""User ids as they were written, and what platforms count month by month."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = sqlmodel.sql.sqltypes.AutoString()
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spelling", text, nullable=False, server_default=""))
    op.create_table(
        "usage",
        sa.Column("platform", text, nullable=False),
        sa.Column("pool", text, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "pool", "month"),
    )
    # What was heard in a month is counted from the messages themselves.
    op.create_index(
        "ix_inbox_platform_received_at_message_id",
        "inbox",
        ["platform", "received_at", "message_id"],
    )


def downgrade() -> None:
    op.drop_index("ix_inbox_platform_received_at_message_id", table_name="inbox")
    op.drop_table("usage")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("spelling")
