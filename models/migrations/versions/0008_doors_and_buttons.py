"""Doors that share a platform's ids, buttons below a word, and how fast a door may speak."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("door", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("via", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default="")
        )
        batch_op.drop_constraint(batch_op.f("uq_door_platform_address"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_door_platform_via_address"), ["platform", "via", "address"]
        )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("choices", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.create_index(
            "ix_outbox_chat_id_platform_sent_at", ["chat_id", "platform", "sent_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_chat_id_platform_sent_at")
        batch_op.drop_column("choices")
    # Without the door that it is good for, an address or a key would be taken for anybody's.
    op.execute("DELETE FROM door WHERE via <> ''")
    with op.batch_alter_table("door", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_door_platform_via_address"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_door_platform_address"), ["platform", "address"]
        )
        batch_op.drop_column("via")
