"""上传: a link to the form for original pictures and files, where the chat client spoils them."""

from handlers.context import Context
from handlers.registry import InGroup, command
from handlers.supervising.texts import moment_text
from models.link import upload_link
from models.member import RoleName
from models.message import Reply


@command(
    "upload",
    "上传",
    "上传原图",
    "上传文件",
    "传原图",
    usage="上传",
    about="聊天里发不了原图或大文件时，取一个上传链接（2小时内有效）",
    roles=(RoleName.LIAISON,),
    group=InGroup.REFUSE,
    alone=True,
)
def upload(ctx: Context, rest: str) -> Reply:
    """What is sent through the form is answered in this chat, as if it had been sent here."""
    link = upload_link(ctx.session, ctx.speaker.id, ctx.chat.id or 0, ctx.now)
    until = moment_text(link.expires_at, ctx.services.zone)
    return Reply(
        "请用手机或电脑的浏览器打开，选择原图或文件上传：\n"
        f"{ctx.services.addresses.of(link)}\n"
        f"{until}前有效，仅限您本人使用，请勿转发。收到后在这里答复，图片说明仍在这里发。",
        links=True,
    )
