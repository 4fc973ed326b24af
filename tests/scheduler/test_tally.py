"""What becomes of each send, counted by the door that was tried."""

from datetime import timedelta

from models.db import Database
from models.errors import DeliveryError
from tests.post import Post

BUSY = DeliveryError("忙", retryable=True)
NO_ANSWER = DeliveryError("没有应答", retryable=False, unknown=True)
NOT_THERE = DeliveryError("不在群里", retryable=False)


def test_each_send_is_counted_once_by_its_door_and_outcome(sqlite: Database) -> None:
    post = Post(sqlite)
    delivery = post.delivery()
    post.sender.troubles = [BUSY, NO_ANSWER, NOT_THERE]
    post.owe("一")
    delivery.deliver_due(post.now)
    for text in ("二", "三", "四"):
        post.owe(text, chat=post.other)
        delivery.deliver_due(post.now)
    post.now += timedelta(minutes=1)
    delivery.deliver_due(post.now)

    counts = delivery.tally.counts()
    door = post.sender.name
    assert [counts.pop((door, each)) for each in ("retried", "unknown", "failed")] == [1, 1, 1]
    assert counts == {(door, "sent"): len(post.sender.said)}
