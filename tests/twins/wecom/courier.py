"""Carries callbacks to the bot as WeCom does: encrypted and signed, three repeats."""

import asyncio
from collections.abc import Callable

import httpx2

from tests.twins.courier import STUCK, Carrier, Letter
from tests.twins.wecom import seal


class Courier(Carrier):
    """Makes callbacks on the servers' loop."""

    def letter(
        self,
        plain: str,
        *,
        token: str,
        key: str,
        receiver: str,
        wrap: Callable[[str], tuple[bytes, str]],
        timestamp: str = "",
        nonce: str = "",
    ) -> Letter:
        """Encrypt and sign *plain*; *wrap* makes the body of the Base64 text."""
        self._nonces += 1
        timestamp = timestamp or str(int(self._clock.now()))
        nonce = nonce or str(1_372_623_149 + self._nonces)
        text = seal.sealed(plain, key, receiver)
        body, content_type = wrap(text)
        signature = seal.signed(token, timestamp, nonce, text)
        query = {"msg_signature": signature, "timestamp": timestamp, "nonce": nonce}
        return Letter(query, body, {"content-type": content_type})

    def check_address(
        self, url: str, token: str, key: str, receiver: str, plain: str = "1616140317555161061"
    ) -> httpx2.Response:
        """The GET by which the console verifies a callback address."""
        assert self.loop is not None
        letter = self.letter(
            plain, token=token, key=key, receiver=receiver, wrap=lambda text: (text.encode(), "")
        )
        query = {**letter.query, "echostr": letter.body.decode()}
        assert self.http is not None
        asked = self.http.get(url, params=query, timeout=STUCK)
        return asyncio.run_coroutine_threadsafe(asked, self.loop).result(STUCK)
