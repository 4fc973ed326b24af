"""The settings of an office whose DingTalk is the stand-in, by the names the service reads."""

from tests.twins.dingtalk.twin import Twin


def robot_settings(twin: Twin) -> dict[str, str]:
    """The enterprise robot at its address."""
    robot = twin.robot.robot
    return {
        "DINGTALK_API_BASE": twin.url,
        "DINGTALK_OAPI_BASE": twin.url,
        "DINGTALK_CLIENT_ID": robot.client_id,
        "DINGTALK_CLIENT_SECRET": robot.client_secret,
        "DINGTALK_ROBOT_CODE": robot.robot_code,
        "DINGTALK_CORP_ID": twin.corp.id,
        "DINGTALK_MODE": "http",
    }


def stream_settings(twin: Twin) -> dict[str, str]:
    """The same robot on the stream."""
    return robot_settings(twin) | {"DINGTALK_MODE": "stream"}
