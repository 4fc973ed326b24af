"""Messages and pictures can be let go: what refers to them is found without reading it all."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_submission_version_inbox_id", "submission_version", ["inbox_id"])
    op.create_index("ix_scene_key_media_sha", "scene_key", ["media_sha"])


def downgrade() -> None:
    op.drop_index("ix_scene_key_media_sha", table_name="scene_key")
    op.drop_index("ix_submission_version_inbox_id", table_name="submission_version")
