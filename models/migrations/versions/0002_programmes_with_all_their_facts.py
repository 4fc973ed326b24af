"""What the five programmes hold besides figures: projects, awards, notes, comments, clauses.

Columns that may not be empty get a default for the rows that are there already.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("assumed", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_project_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_project_programme_id_name")),
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "award",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("winners", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_award_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award")),
        sa.UniqueConstraint("task_id", "year", name=op.f("uq_award_task_id_year")),
    )
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_award_task_id"), ["task_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('progress', 'problem')", name=op.f("ck_note_kind")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_note_task_id_task")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_note_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_task_id_as_of", ["task_id", "as_of"], unique=False)

    op.create_table(
        "comment_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("handled", sa.Integer(), nullable=False),
        sa.Column("accepted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "handled <= received", name=op.f("ck_comment_count_handled_of_received")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["task.id"], name=op.f("fk_comment_count_task_id_task")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["submission_version.id"],
            name=op.f("fk_comment_count_version_id_submission_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_count")),
    )
    with op.batch_alter_table("comment_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_count_task_id"), ["task_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_comment_count_version_id"), ["version_id"], unique=False
        )

    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.add_column(sa.Column("project_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "source", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column(
                "assumed", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
            )
        )
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.alter_column("task_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(batch_op.f("ix_activity_project_id"), ["project_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_activity_replaces_id"), ["replaces_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_activity_replaces_id_activity"), "activity", ["replaces_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_activity_project_id_project"), "project", ["project_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_activity_of_something"), "task_id IS NOT NULL OR project_id IS NOT NULL"
        )

    with op.batch_alter_table("clause", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true())
        )

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(sa.Column("until", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "source", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
            )
        )
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_unique_constraint(batch_op.f("uq_contact_replaces_id"), ["replaces_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_contact_replaces_id_contact"), "contact", ["replaces_id"], ["id"]
        )

    with op.batch_alter_table("outlook", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("counties", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column(
                "source", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column("withdrawn", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.drop_column("judged")
        batch_op.create_check_constraint(
            batch_op.f("ck_outlook_level"),
            "level IN ('很有可能', '有可能', '难度较大', '不太可能')",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_outlook_counties_no_unit"), "NOT counties OR unit_id IS NULL"
        )

    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "declared", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
            )
        )
        batch_op.add_column(
            sa.Column("verified", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("comments", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "printed", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
            )
        )
        batch_op.add_column(sa.Column("marks", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column(
                "quota", sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=""
            )
        )
    op.execute("UPDATE requirement SET declared = wording")

    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_unit_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_unit_kind"), "kind IN ('department', 'county', 'park', 'government')"
        )


def downgrade() -> None:
    # What the first schema has no place for goes: items of projects, and the area's own level.
    op.execute("DELETE FROM activity WHERE task_id IS NULL")
    op.execute("UPDATE unit SET kind = 'department' WHERE kind = 'government'")

    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_unit_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_unit_kind"), "kind IN ('department', 'county', 'park')"
        )

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_column("quota")
        batch_op.drop_column("marks")
        batch_op.drop_column("printed")

    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.drop_column("comments")
        batch_op.drop_column("verified")
        batch_op.drop_column("declared")

    with op.batch_alter_table("outlook", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_outlook_counties_no_unit"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_outlook_level"), type_="check")
        batch_op.add_column(
            sa.Column("judged", sa.BOOLEAN(), nullable=False, server_default=sa.false())
        )
        batch_op.drop_column("withdrawn")
        batch_op.drop_column("source")
        batch_op.drop_column("counties")

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_contact_replaces_id_contact"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_contact_replaces_id"), type_="unique")
        batch_op.drop_column("withdrawn")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("source")
        batch_op.drop_column("until")

    with op.batch_alter_table("clause", schema=None) as batch_op:
        batch_op.drop_column("active")

    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_activity_of_something"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_activity_project_id_project"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_activity_replaces_id_activity"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_activity_replaces_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_activity_project_id"))
        batch_op.alter_column("task_id", existing_type=sa.INTEGER(), nullable=False)
        batch_op.drop_column("withdrawn")
        batch_op.drop_column("replaces_id")
        batch_op.drop_column("assumed")
        batch_op.drop_column("source")
        batch_op.drop_column("project_id")

    with op.batch_alter_table("comment_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_count_version_id"))
        batch_op.drop_index(batch_op.f("ix_comment_count_task_id"))

    op.drop_table("comment_count")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index("ix_note_task_id_as_of")

    op.drop_table("note")
    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_award_task_id"))

    op.drop_table("award")
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_project_programme_id"))

    op.drop_table("project")
