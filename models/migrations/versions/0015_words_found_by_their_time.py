"""Words are kept for months: those of a week, or of a chat in a week, are found by their time."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_chat_id_state", table_name="outbox")
    op.create_index(
        "ix_outbox_chat_id_state_created_at", "outbox", ["chat_id", "state", "created_at"]
    )
    op.create_index("ix_outbox_state_sent_at", "outbox", ["state", "sent_at"])
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])


def downgrade() -> None:
    op.drop_index("ix_outbox_created_at", table_name="outbox")
    op.drop_index("ix_outbox_state_sent_at", table_name="outbox")
    op.drop_index("ix_outbox_chat_id_state_created_at", table_name="outbox")
    op.create_index("ix_outbox_chat_id_state", "outbox", ["chat_id", "state"])
