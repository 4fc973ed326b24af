"""Other names of units and tasks, as admins give and take them in chat."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(unit_id IS NULL) <> (task_id IS NULL)", name=op.f("ck_alias_one_bearer")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["member.id"], name=op.f("fk_alias_made_by_member")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_alias_task_id_task")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_alias_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias")),
    )
    with op.batch_alter_table("alias", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alias_task_id"), ["task_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alias_unit_id"), ["unit_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("alias", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_alias_unit_id"))
        batch_op.drop_index(batch_op.f("ix_alias_task_id"))
    op.drop_table("alias")
