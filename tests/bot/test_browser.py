"""The practice chat in a real browser: the whole story of one report, as a person clicks it."""

import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from tests.conftest import at
from tests.pictures import a_photo, a_view, encoded

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

#: Without these Chromium asks the network for updates of itself.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT = """报送 省8
截至：7月31日
完成进度：58.5%
措施：排查沿河排污口，逐个建档整治。
成效：主要断面水质保持优良。"""

CAPTIONS = """图1 河道整治；2021年7月20日；吉首市乾州街道
图2 断面监测；2021年7月21日；泸溪县武溪镇"""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A served practice chat on the morning of 16 August 2021."""
    from bot.app import create_app
    from bot.demo import fresh_house

    house = fresh_house(at("2021-08-16T09:00"), tmp_path / "demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(create_app(house), host="127.0.0.1", port=port, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}/sandbox"
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def bad_picture(tmp_path: Path) -> Path:
    """A photo of 4:3 where 2:1 is asked for."""
    path = tmp_path / "现场.jpg"
    path.write_bytes(a_photo(1200, 900))
    return path


@pytest.fixture
def good_picture(tmp_path: Path) -> Path:
    """A photo of 2:1, of another scene."""
    path = tmp_path / "断面.jpg"
    path.write_bytes(encoded(a_view(7)))
    return path


class Chat:
    """What a person does with the page and sees of it."""

    def __init__(self, page) -> None:
        self.page = page

    def be(self, person: str, chat: str = "single") -> None:
        self.page.get_by_test_id("person-select").select_option(person)
        item = self.page.locator(f'[data-testid="chat-item"][data-chat-id="{chat}"]')
        item.click()

    def write(self, text: str, *files: Path) -> None:
        if files:
            self.page.get_by_test_id("attach-input").set_input_files([str(each) for each in files])
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("send").click()

    def heard(self, text: str):
        """The last line of the bot that holds *text*, waited for."""
        lines = self.page.locator('[data-testid="message"][data-direction="out"]')
        line = lines.filter(has_text=text).last
        line.wait_for(timeout=15_000)
        return line


def test_a_report_from_invitation_to_the_leaders_picture(
    address: str, bad_picture: Path, good_picture: Path
) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address)
        chat = Chat(page)

        bind(chat)
        number = report_with_pictures(chat, bad_picture, good_picture)
        correct_by_quoting(chat)
        accept(chat, number)
        see_the_digest(chat)

        assert faults == []
        phone_fits(browser, address)
        browser.close()


def bind(chat: Chat) -> None:
    chat.be("admin")
    chat.write("邀请 州生态环境局 联络员乙")
    invitation = chat.heard("绑定 ").inner_text()
    code = invitation.split("绑定 ")[1][:6]
    chat.be("stranger-1")
    chat.write("在吗")
    chat.heard("尚未绑定")
    chat.write(f"绑定 {code}")
    chat.heard("绑定成功")


def report_with_pictures(chat: Chat, bad: Path, good: Path) -> str:
    chat.write(REPORT, bad)
    chat.heard("用裁剪图").get_by_test_id("choice").click()
    chat.write(CAPTIONS, good)
    done = chat.heard("已收到 #")
    return done.inner_text().split("#")[1].split()[0].strip("，。；（")


def correct_by_quoting(chat: Chat) -> None:
    receipt = chat.heard("已收到 #")
    receipt.hover()
    receipt.get_by_test_id("quote").click()
    chat.page.get_by_test_id("quoted").wait_for()
    chat.write("成效：主要断面水质均达到Ⅲ类。")
    chat.heard("成效 已修改")


def accept(chat: Chat, number: str) -> None:
    chat.be("admin")
    chat.write(f"查看 {number}")
    chat.heard("审核请发").get_by_test_id("choice").first.click()
    chat.heard(f"已通过：#{number}")
    chat.be("stranger-1")
    chat.heard("通过")


def see_the_digest(chat: Chat) -> None:
    chat.be("leader-a", "leaders")
    chat.page.get_by_test_id("clock-input").fill("8月23日 09:00")
    chat.page.get_by_test_id("clock-go").click()
    picture = chat.page.get_by_test_id("message-image").last
    picture.wait_for(timeout=30_000)
    loaded = "image => image.complete && image.naturalWidth"
    image = picture.locator("img") if picture.locator("img").count() else picture
    image.scroll_into_view_if_needed()
    chat.page.wait_for_function(loaded, arg=image.element_handle())
    assert image.evaluate("image => image.naturalWidth") == 1080


def phone_fits(browser, address: str) -> None:
    """Nothing is wider than a phone of 360 px."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(address)
    page.get_by_test_id("person-select").select_option("gongan")
    page.get_by_test_id("composer").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
