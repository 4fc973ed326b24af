"""DingTalk's own stream client with a robot that repeats what it hears, as a process of its own.

It cannot be cancelled, opens its connections on the event loop and says much in its log.
"""

import sys

from dingtalk_stream import (
    AckMessage,
    CallbackMessage,
    ChatbotHandler,
    ChatbotMessage,
    Credential,
    DingTalkStreamClient,
)


class Parrot(ChatbotHandler):
    """Answers by the session of the message."""

    async def process(self, callback: CallbackMessage) -> tuple[int, str]:
        message = ChatbotMessage.from_dict(callback.data)
        self.reply_text(f"heard: {message.text.content}", message)
        return AckMessage.STATUS_OK, "OK"


class Client(DingTalkStreamClient):
    """The client, which asks no other machine for its own address."""

    def get_host_ip(self) -> str:
        return "127.0.0.1"


def main() -> None:
    """Serve until killed."""
    client = Client(Credential(sys.argv[1], sys.argv[2]))
    client.register_callback_handler(ChatbotMessage.TOPIC, Parrot())
    client.start_forever()


if __name__ == "__main__":
    main()
