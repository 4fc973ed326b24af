"""A province keeps years of rows: what is asked every minute is found without reading them all."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_obligation_programme_id_extended_to", "obligation", ["programme_id", "extended_to"]
    )
    op.create_index("ix_submission_version_received_at", "submission_version", ["received_at"])


def downgrade() -> None:
    op.drop_index("ix_submission_version_received_at", table_name="submission_version")
    op.drop_index("ix_obligation_programme_id_extended_to", table_name="obligation")
