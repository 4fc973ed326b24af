"""图片: a picture of a report with its caption, and where the same one was used before."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from models.media import Media, SceneKey
from models.rules.picture_scene import near_keys
from models.submission import Submission, SubmissionState, SubmissionVersion


class Picture(SQLModel, table=True):
    """One picture of one version; *delivered_sha* is what goes out (the crop, if one was taken).

    *crop_box* is the part that was taken: left, top, right, bottom.
    """

    id: int | None = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="submission_version.id", index=True)
    position: int
    media_sha: str = Field(foreign_key="media.sha", index=True)
    delivered_sha: str
    crop_box: list[int] | None = Field(default=None, sa_type=JSON)
    title: str = ""
    taken_on: date | None = None
    place: str = ""


def pictures_of_version(session: Session, version_id: int) -> Sequence[Picture]:
    """The pictures of one version in order."""
    return session.exec(
        select(Picture).where(Picture.version_id == version_id).order_by(col(Picture.position))
    ).all()


def pictures_of_versions(session: Session, version_ids: Iterable[int]) -> dict[int, list[Picture]]:
    """The same of many versions at once, by version, in one query."""
    found: dict[int, list[Picture]] = {each: [] for each in version_ids}
    if not found:
        return found
    rows = session.exec(
        select(Picture)
        .where(col(Picture.version_id).in_(found))
        .order_by(col(Picture.version_id), col(Picture.position), col(Picture.id))
    ).all()
    for row in rows:
        found[row.version_id].append(row)
    return found


def earlier_use(session: Session, media_sha: str, besides: int | None = None) -> int | None:
    """The number of the first standing report, other than *besides*, that holds this picture."""
    query = (
        select(Submission.id)
        .join(SubmissionVersion, col(SubmissionVersion.submission_id) == col(Submission.id))
        .join(Picture, col(Picture.version_id) == col(SubmissionVersion.id))
        .where(
            Picture.media_sha == media_sha,
            Submission.state != SubmissionState.WITHDRAWN,
        )
        .order_by(col(Submission.id))
    )
    if besides is not None:
        query = query.where(Submission.id != besides)
    return session.exec(query).first()


def like_pictures(
    session: Session, dhash: str, besides: int | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Pictures of standing reports other than *besides* that may show this scene, oldest first.

    Number of the report and facts of the picture; found by the keys of its dhash, so that history
    is not read through. The caller compares.
    """
    like = select(SceneKey.media_sha).where(col(SceneKey.key).in_(near_keys(dhash)))
    query = (
        select(Submission.id, Media.facts)
        .join(SubmissionVersion, col(SubmissionVersion.submission_id) == col(Submission.id))
        .join(Picture, col(Picture.version_id) == col(SubmissionVersion.id))
        .join(Media, col(Media.sha) == col(Picture.media_sha))
        .where(
            col(Picture.media_sha).in_(like),
            Submission.state != SubmissionState.WITHDRAWN,
        )
        .order_by(col(Submission.id))
    )
    if besides is not None:
        query = query.where(Submission.id != besides)
    for number, facts in session.exec(query):
        yield number or 0, dict(facts)
