"""Whether pictures and files can be kept, read, listed and removed where MEDIA_URL says."""

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from bot.findings import Found, Level
from bot.media import FolderStore, open_media
from bot.settings import Settings
from handlers.context import MediaStore
from models.errors import MediaUnavailable, SettingsError

LEAST_FREE = 1_000_000_000
_CHECK = "MEDIA_URL"
_FOLDER = "让运行服务的用户能写这个目录，或改正 MEDIA_URL"
_LATER = "过几分钟再试；一直这样，请问对象存储的管理员"
#: What to do about an object store's codes; those of several makers mean the same.
_ADVICE = {
    "NoSuchBucket": "在对象存储中新建这个存储桶，或改正 MEDIA_URL 里的桶名",
    "InvalidAccessKeyId": "核对 AWS_ACCESS_KEY_ID：对象存储不认识它",
    "SignatureDoesNotMatch": "核对 AWS_SECRET_ACCESS_KEY：与 AWS_ACCESS_KEY_ID 不成对",
    "AccessDenied": "给这对密钥读、写、列举、删除这个存储桶的权限",
    "HTTP 403": "给这对密钥读、写、列举、删除这个存储桶的权限",
    "RequestTimeTooSkewed": "用 NTP 校准这台机器的时钟：与对象存储差了15分钟以上",
    "AuthorizationHeaderMalformed": "核对 AWS_REGION：存储桶不在这个区域",
    "PermanentRedirect": "核对 AWS_REGION 和 AWS_ENDPOINT_URL：存储桶在别的区域",
    "SecondLevelDomainForbidden": "设 AWS_VIRTUAL_HOSTED_STYLE_REQUEST=true：桶名要写在域名前",
    "PathStyleDomainForbidden": "设 AWS_VIRTUAL_HOSTED_STYLE_REQUEST=true：桶名要写在域名前",
    "没有应答": "看 AWS_ENDPOINT_URL 是否写对，网络和防火墙是否放行，证书是否可信（AWS_CA_BUNDLE）",
}


def check_media(settings: Settings) -> Iterator[Found]:
    """What a small probe meets that is kept, read, listed and removed again."""
    try:
        store = open_media(settings)
    except SettingsError as error:
        yield Found(_CHECK, Level.FAIL, str(error), "在 .env 中改正")
        return
    try:
        _probe(store)
    except MediaUnavailable as error:
        yield Found(_CHECK, Level.FAIL, str(error), _advice(store, str(error)))
        return
    yield Found(_CHECK, Level.OK, "存取、列举、删除正常")
    if isinstance(store, FolderStore):
        yield from _room(store.root)


def _probe(store: MediaStore) -> None:
    sha = store.put(f"dajuan doctor {secrets.token_hex(8)}".encode())
    try:
        store.get(sha)
        next(store.addresses(), None)
    finally:
        store.delete(sha)


def _advice(store: MediaStore, reason: str) -> str:
    if isinstance(store, FolderStore):
        return "请腾出空间" if "No space left" in reason else _FOLDER
    return next((advice for code, advice in _ADVICE.items() if code in reason), _LATER)


def _room(folder: Path) -> Iterator[Found]:
    """The disk of the media, where it is not that of the service, which is looked at anyway."""
    free = shutil.disk_usage(folder).free
    if folder.stat().st_dev != Path.cwd().stat().st_dev and free < LEAST_FREE:
        about = f"所在的盘剩余{free / 1e9:.1f}GB"
        yield Found(_CHECK, Level.WARN, about, "请腾出空间：图片还会增长")
