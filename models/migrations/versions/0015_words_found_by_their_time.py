"""Words are kept for months, doors for good: those of a week and of a person are found at once."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without the priority in it SQLite looks for older words of a chat among those of all chats.
    op.drop_index("ix_outbox_chat_id_state", table_name="outbox")
    op.create_index("ix_outbox_chat_id_state_priority", "outbox", ["chat_id", "state", "priority"])
    op.create_index("ix_outbox_state_sent_at", "outbox", ["state", "sent_at"])
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    op.create_index("ix_door_platform_address", "door", ["platform", "address"])


def downgrade() -> None:
    op.drop_index("ix_door_platform_address", table_name="door")
    op.drop_index("ix_outbox_created_at", table_name="outbox")
    op.drop_index("ix_outbox_state_sent_at", table_name="outbox")
    op.drop_index("ix_outbox_chat_id_state_priority", table_name="outbox")
    op.create_index("ix_outbox_chat_id_state", "outbox", ["chat_id", "state"])
