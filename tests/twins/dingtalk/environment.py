"""The settings of an office whose DingTalk is the stand-in, by the names the service reads."""

from tests.twins.dingtalk.corp import CORP_ID, Robot
from tests.twins.dingtalk.twin import Twin


def settings_at(url: str, robot: Robot | None = None, corp_id: str = CORP_ID) -> dict[str, str]:
    """The enterprise robot at its address, its servers at *url*."""
    robot = robot or Robot()
    return {
        "DINGTALK_API_BASE": url,
        "DINGTALK_OAPI_BASE": url,
        "DINGTALK_CLIENT_ID": robot.client_id,
        "DINGTALK_CLIENT_SECRET": robot.client_secret,
        "DINGTALK_ROBOT_CODE": robot.robot_code,
        "DINGTALK_CORP_ID": corp_id,
        "DINGTALK_MODE": "http",
    }


def robot_settings(twin: Twin) -> dict[str, str]:
    """The enterprise robot at its address."""
    return settings_at(twin.url, twin.robot.robot, twin.corp.id)


def stream_settings(twin: Twin) -> dict[str, str]:
    """The same robot on the stream."""
    return robot_settings(twin) | {"DINGTALK_MODE": "stream"}
