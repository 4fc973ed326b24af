"""What pictures look like, so that near-duplicates are found, and which part of them was taken.

Pictures that are there already get both from what is known of them.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MEDIA = sa.table(
    "media",
    sa.column("sha", sa.String),
    sa.column("facts", sa.JSON),
    sa.column("crop_sha", sa.String),
    sa.column("crop_box", sa.JSON),
)
_PICTURE = sa.table(
    "picture",
    sa.column("media_sha", sa.String),
    sa.column("delivered_sha", sa.String),
    sa.column("crop_box", sa.JSON),
)


def upgrade() -> None:
    scene_key = op.create_table(
        "scene_key",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("media_sha", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["media_sha"], ["media.sha"], name=op.f("fk_scene_key_media_sha_media")
        ),
        sa.PrimaryKeyConstraint("key", "media_sha", name=op.f("pk_scene_key")),
    )
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.add_column(sa.Column("crop_box", sa.JSON(), nullable=True))

    connection = op.get_bind()
    for sha, facts, crop_sha, crop_box in connection.execute(sa.select(_MEDIA)).all():
        keys = _scene_keys(str((facts or {}).get("dhash", "")))
        if keys:
            op.bulk_insert(scene_key, [{"key": key, "media_sha": sha} for key in keys])
        if crop_sha and crop_box:
            is_it = (_PICTURE.c.media_sha == sha) & (_PICTURE.c.delivered_sha == crop_sha)
            connection.execute(sa.update(_PICTURE).where(is_it).values(crop_box=crop_box))


def _scene_keys(dhash: str) -> list[int]:
    """As `models.rules.picture_scene.scene_keys` was when this was written."""
    if len(dhash) != 16 or dhash in ("0" * 16, "f" * 16):
        return []
    bits = int(dhash, 16)
    return [band << 16 | bits >> band * 16 & 0xFFFF for band in range(4)]


def downgrade() -> None:
    with op.batch_alter_table("picture", schema=None) as batch_op:
        batch_op.drop_column("crop_box")

    op.drop_table("scene_key")
