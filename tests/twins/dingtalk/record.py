"""A message of the robot as it stands in a chat of DingTalk."""

from dataclasses import dataclass, field

from tests.twins import record


@dataclass
class Bubble(record.Bubble):
    """`text` is what one reads; titles show only in the list of chats."""

    #: What can be tapped, buttons and links in the text alike: words → address.
    links: dict[str, str] = field(default_factory=dict)
    #: The processQueryKey, by which it can be taken back; none for webhooks.
    key: str = ""
    #: Whom it notifies by an @.
    mentions: tuple[str, ...] = ()
    #: Who has read it.
    readers: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        return str(self.body.get("title", ""))
