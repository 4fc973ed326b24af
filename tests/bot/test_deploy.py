"""What is shipped for running the service: image, compose, proxy and units agree."""

import fnmatch
import json
import re
import shlex
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from bot import cli, media_s3, uploads, webhooks
from bot.dingtalk.settings import DingTalkSettings
from bot.settings import Settings
from bot.wecom.settings import WecomSettings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
#: What the words of nginx stand for: they name addresses, which open boards and forms.
ADDRESSES = ("$request", "$request_uri", "$uri", "$args", "$query_string", "$http_referer")


def steps() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with what they are given."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line)
    ]


def given(word: str) -> list[str]:
    return [rest for name, rest in steps() if name == word]


@pytest.fixture
def compose() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def nginx(name: str) -> str:
    """A file of the proxy without its remarks."""
    text = (DEPLOY / "nginx" / name).read_text(encoding="utf-8")
    return re.sub(r"(?m)^\s*#.*\n", "", text)


def unit(path: Path) -> list[tuple[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return [(name, value) for name, _, value in pairs]


def test_the_image_is_made_of_what_the_wheel_is_made_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = [each.split() for each in given("COPY") if not each.startswith("--from")]
    sources = {source for *sources, _ in copied for source in sources}

    files = {project["project"]["readme"], *project["project"]["license-files"], "pyproject.toml"}
    assert sources == {*packages, *files, "requirements/build.txt", "requirements/runtime.txt"}
    kept = {line[1:] for line in ignored() if line.startswith("!")}
    assert kept == sources


def ignored() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_neither_secrets_nor_data_nor_history_reach_the_builder() -> None:
    assert ignored()[0] == "*", "what is not named stays out"
    for path in (".env", ".git/config", "var/dajuan.db", "certs/tls.key", "backup/today.zip"):
        named = [line for line in ignored() if fnmatch.fnmatch(path, line.lstrip("!"))]
        assert not [line for line in named if line.startswith("!")], path


def test_only_locked_packages_with_their_hashes_are_installed() -> None:
    installs = [
        words for step in given("RUN") for words in step.split("&&") if "pip install" in words
    ]
    assert len(installs) == 3
    assert all("--require-hashes" in each or "--offline --no-deps" in each for each in installs)


def test_the_image_runs_as_nobody_in_particular() -> None:
    [user] = given("USER")

    number = user.partition(":")[0]
    assert int(number) > 0
    assert f"--uid {number} " in " ".join(given("RUN"))


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A service of which /healthz answers with *status*; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "fails"), [(200, False), (503, True)])
def test_the_health_check_says_whether_the_process_lives(status: int, fails: bool) -> None:
    [check] = given("HEALTHCHECK")
    python, option, code = json.loads(check.partition("CMD ")[2])
    assert (python, option) == ("python", "-c")
    assert f", {given('EXPOSE')[0]}, " in code

    with answering(status) as port, pytest.raises(SystemExit) as ended:
        exec(code.replace(given("EXPOSE")[0], str(port)))
    assert bool(ended.value.code) == fails


def test_compose_sets_only_what_the_service_knows(compose: dict[str, Any]) -> None:
    known = {
        name.upper()
        for each in (Settings, WecomSettings, DingTalkSettings)
        for name in each.model_fields
    }
    for name in ("app1", "app2", "migrate", "dajuan"):
        assert set(compose["services"][name]["environment"]) <= known

    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    head = text.partition("\nname:")[0]
    assert all(name in head for name in re.findall(r"\$\{(\w+)", text))


def test_processes_share_their_media_and_nothing_else(compose: dict[str, Any]) -> None:
    apps = [compose["services"][name] for name in ("app1", "app2")]
    shared = set(apps[0]["volumes"]) & set(apps[1]["volumes"])
    own = [set(app["volumes"]) - shared for app in apps]
    var, media = json.loads(given("VOLUME")[0])

    assert shared == {f"media:{media}"}
    assert f"MEDIA_URL=file://{media}" in given("ENV")[0]
    assert apps[0]["environment"]["MEDIA_URL"].endswith(f"file://{media}}}")
    assert [[volume.partition(":")[2] for volume in each] for each in own] == [[var], [var]]
    assert var == f"{given('WORKDIR')[-1]}/var"
    # What `member erase` notes by hand is still there for `erase-again`.
    assert f"var:{var}" in compose["services"]["dajuan"]["volumes"]
    assert "var" in compose["volumes"]


def test_no_process_begins_before_the_schema_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name in ("app1", "app2"):
        assert services[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }
    assert services["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}
    assert services["database"]["healthcheck"]


def test_the_proxy_finds_the_processes_and_they_believe_it_alone(compose: dict[str, Any]) -> None:
    services = compose["services"]
    address = {
        name: service["networks"]["inside"]["ipv4_address"]
        for name, service in services.items()
        if isinstance(service.get("networks"), dict)
    }
    [port] = given("EXPOSE")
    named = re.findall(r"server ([\d.]+:\d+)", nginx("upstream-compose.conf"))

    # Once to be left alone where it fails, and once for when everybody else is left alone too.
    assert named == [f"{address['app1']}:{port}", f"{address['app2']}:{port}"] * 2
    again = re.findall(r"server ([\d.]+:\d+) backup max_fails=0;", nginx("upstream-compose.conf"))
    assert again == named[:2]
    assert services["app1"]["environment"]["FORWARDED_ALLOW_IPS"] == address["proxy"]
    assert not any("ports" in services[name] for name in ("app1", "app2", "database"))
    mounts = [each.split(":") for each in services["proxy"]["volumes"]]
    assert all((ROOT / source).is_file() for source, *_ in mounts if source.endswith(".conf"))
    assert {target for _, target, _ in mounts} >= set(
        re.findall(r"include ([^;]+);", nginx("dajuan.conf"))
    )


def test_the_proxy_lets_through_what_the_service_takes_and_says_itself_who_calls() -> None:
    text = nginx("dajuan.conf")
    common, upload = (
        int(each) * 2**20 for each in re.findall(r"client_max_body_size (\d+)m", text)
    )

    assert webhooks.LARGEST_BODY <= common <= 2 * webhooks.LARGEST_BODY
    assert uploads._MOST_BYTES <= upload <= 1.1 * uploads._MOST_BYTES
    assert "X-Forwarded-For $remote_addr;" in text
    assert "$proxy_add_x_forwarded_for" not in text


@pytest.mark.parametrize(
    ("address", "door"),
    [
        ("/webhooks/wecom/app", "/webhooks/wecom/app"),
        ("/board/17-1630892400.WvYc3l_secret", "/board"),
        ("/upload/3-1630892400.aZ09-secret", "/upload"),
        ("/webhooks/dingtalk", "/webhooks/dingtalk"),
        ("/webhooks/a/b/secret", "/webhooks"),
        ("/", "/"),
    ],
)
def test_the_proxys_log_holds_no_address_that_opens_anything(address: str, door: str) -> None:
    text = nginx("dajuan.conf")
    patterns = re.findall(r"(?m)^    ~(\S+) \$1;", text)
    found = next(m for m in (re.search(each, address) for each in patterns) if m)
    [form] = re.findall(r"log_format dajuan [^']*'(.*)';", text)
    words = set(re.findall(r"\$\w+", form))

    assert found[1] == door
    assert not words & set(ADDRESSES)
    assert set(re.findall(r"error_log \S+ (\w+);", text)) == {"crit"}
    assert {line.split()[-1] for line in re.findall(r"access_log [^;]+", text)} == {"dajuan"}


def test_units_call_commands_that_exist() -> None:
    commands = set(typer.main.get_command(cli.app).commands)  # type: ignore[attr-defined]
    called = re.findall(r"/opt/dajuan/bin/dajuan (\w+)", " ".join(map(str, map(unit, UNITS))))

    assert set(called) == {"migrate", "serve", "backup"}
    assert set(called) <= commands


def test_the_unit_serves_where_the_proxy_looks() -> None:
    [serve] = [
        value for _, value in unit(DEPLOY / "systemd" / "dajuan.service") if "serve" in value
    ]
    options = shlex.split(serve)[2:]
    host, port = options[options.index("--host") + 1], options[options.index("--port") + 1]

    assert re.findall(r"server ([\d.:]+)", nginx("upstream-one-box.conf")) == [f"{host}:{port}"]
    assert Settings.model_fields["forwarded_allow_ips"].default == host


def test_both_services_are_locked_in_alike() -> None:
    service, backup = (
        dict(unit(DEPLOY / "systemd" / name))
        for name in ("dajuan.service", "dajuan-backup.service")
    )
    locks = {
        name
        for name in service
        if name.startswith(("Protect", "Restrict", "Private", "SystemCall", "NoNew", "Cap", "Lock"))
    } - {"Restart", "RestartSec"}

    assert len(locks) > 15
    assert {name: backup.get(name) for name in locks} == {name: service[name] for name in locks}
    assert service["ProtectSystem"] == "strict"
    assert service["User"] == backup["User"] != "root"


def test_what_is_under_way_may_end(compose: dict[str, Any]) -> None:
    """The server waits ten seconds for its calls, and a look at the object store takes half a
    minute at most before no more tries are made."""
    longest = 10 + media_s3.ALL_TRIES
    service = dict(unit(DEPLOY / "systemd" / "dajuan.service"))

    assert int(service["TimeoutStopSec"]) > longest
    for name in ("app1", "app2"):
        assert int(compose["services"][name]["stop_grace_period"].rstrip("s")) > longest
