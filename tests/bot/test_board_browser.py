"""The board in a real browser: fits a phone, reads well aloud, prints, and takes an upload."""

import io
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from PIL import Image

from models.chat import single_chats_of
from models.link import upload_link
from models.member import account_of
from tests.board import LIVELIHOOD, NOW, QUIET, WEBSITE, Office
from tests.factories import PLATFORM
from tests.pictures import a_view, encoded
from tests.supervising import hand_in

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
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
VIEWS = ("overview", "tasks", "ranking", "counties", "calendar", "laggards", "pictures")
PHONE, DESK = 360, 1280
#: What stands beside the screen, or did not come: parts by their marks, pictures, the style sheet.
MISSING = """() => [
  ...[...document.querySelectorAll("body *")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1);
  }),
  ...[...document.images].filter((each) => !each.naturalWidth),
  ...[...document.querySelectorAll("link[rel=stylesheet]")].filter((each) => !each.sheet),
].map((each) => each.outerHTML.slice(0, 90))"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def served(office: Office) -> Iterator[str]:
    """The address of the office's web service."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    office.house.jobs.start = lambda wake: None
    config = uvicorn.Config(office.http.app, host="127.0.0.1", port=port, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        thread.join(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


@pytest.fixture
def pages(office: Office, served: str) -> dict[str, str]:
    """Every kind of page by its name, with pictures, with and without naming, and closed ones."""
    report = hand_in(office.talk, "新7", {"乡村公共部位安防设备": "4000"}, month=9, accepted=True)
    office.accept_picture(report, encoded(a_view(7)), "安装现场" * 6, "吉首市乾州街道" * 4)
    named, quiet = f"{served}{office.link()}", f"{served}{office.link(QUIET)}"
    bright, unit = office.task_id("新7"), office.unit_id("州残联")
    found = {view: f"{named}?view={view}" for view in VIEWS}
    found |= {f"quiet {view}": f"{quiet}?view={view}" for view in VIEWS}
    return found | {
        "task": f"{named}?view=task&id={bright}",
        "quiet task": f"{quiet}?view=task&id={bright}",
        "unit": f"{named}?view=unit&id={unit}",
        "county": f"{named}?view=county&id={office.unit_id('吉首市')}",
        "told": f"{served}{office.link(code=WEBSITE)}?view=tasks",
        "head": f"{served}{office.own_link('canlian-head', LIVELIHOOD)}",
        "closed": f"{named[:-3]}xyz",
        "upload": f"{served}{_upload(office)}",
        "interface": f"{served}/api/v1/docs",
    }


def _upload(office: Office) -> str:
    with office.house.database.write() as session:
        account = account_of(session, PLATFORM, "gongan")
        assert account is not None
        [chat] = single_chats_of(session, account.member_id)
        link = upload_link(session, account.member_id, chat.id or 0, NOW)
        return office.path_of(link)


def test_pages_fit_a_phone_and_pass_the_accessibility_check(pages: dict[str, str]) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        # Only the checker's own script needs a way past the pages' policy.
        phone = browser.new_context(viewport={"width": PHONE, "height": 740}, bypass_csp=True)
        page = phone.new_page()
        for name, address in pages.items():
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE, f"{name} is {wide} wide"
            assert page.evaluate(MISSING) == [], name
            with Image.open(io.BytesIO(page.screenshot(full_page=True))) as shot:
                assert shot.width == PHONE
                assert len(shot.convert("P").getcolors()) > 2, f"{name} is blank"
            found = axe.run(page).response["violations"]
            told = [(each["id"], each["nodes"][0]["html"]) for each in found]
            assert told == [], f"{name}: {told}"
        browser.close()


def test_pages_obey_their_own_policy_and_work_without_scripts(pages: dict[str, str]) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        desk = browser.new_context(
            viewport={"width": DESK, "height": 800}, java_script_enabled=False
        )
        page = desk.new_page()
        said: list[str] = []
        page.on("console", lambda line: said.append(line.text))
        page.goto(pages["overview"])
        page.get_by_role("link", name="排名", exact=True).click()
        page.get_by_text("为什么").first.click()
        page.get_by_text("较上次").or_(page.get_by_text("上次没有名次")).first.wait_for()
        page.goto(pages["task"])
        page.locator("figure img").first.wait_for()
        assert [line for line in said if "Content Security" in line] == []
        assert page.pdf().startswith(b"%PDF")
        browser.close()


def test_a_phone_hands_in_a_report_with_words_and_a_picture(
    office: Office, pages: dict[str, str], tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    picture = tmp_path / "现场.jpg"
    picture.write_bytes(encoded(a_view(3)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        phone = browser.new_context(
            viewport={"width": PHONE, "height": 740}, java_script_enabled=False
        )
        page = phone.new_page()
        page.goto(pages["upload"])
        page.get_by_role("button", name="上传").click()
        page.get_by_text("还没有写文字，也还没有选择文件").wait_for()
        page.get_by_label("文字").fill("报送 州1-7\n截至：8月31日\n完成数：1710个")
        page.get_by_label("选择图片或文件").set_input_files(str(picture))
        page.get_by_role("button", name="上传").click()
        page.get_by_text("已收到文字和1个文件").wait_for()
        assert page.url.endswith("?sent=1&words=1")
        browser.close()


def test_a_phone_uploads_a_picture_and_is_told_where_the_answer_comes(
    office: Office, pages: dict[str, str], tmp_path: Path
) -> None:
    from playwright.sync_api import sync_playwright

    picture = tmp_path / "现场.jpg"
    picture.write_bytes(encoded(a_view(3)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        phone = browser.new_context(
            viewport={"width": PHONE, "height": 740}, java_script_enabled=False
        )
        page = phone.new_page()
        page.goto(pages["upload"])
        page.get_by_label("选择图片或文件").set_input_files(str(picture))
        page.get_by_role("button", name="上传").click()
        page.get_by_text("已收到1个文件").wait_for()
        assert page.url.endswith("?sent=1")
        browser.close()
