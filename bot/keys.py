"""What speaks in a group is stored encrypted, so that a copy of the database speaks in none."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from models.errors import DeliveryError, Shut

_PURPOSE = b"dajuan group robot keys"


class KeyRing:
    """Seals and opens what must be kept secret in the database, under the installation's secret."""

    def __init__(self, secret: str) -> None:
        derived = hashlib.pbkdf2_hmac("sha256", secret.encode(), _PURPOSE, 100_000)
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def sealed(self, key: str) -> str:
        """What is stored instead of *key*."""
        return self._fernet.encrypt(key.encode()).decode()

    def opened(self, stored: str) -> str:
        """The key; raises DeliveryError where the secret changed since it was stored."""
        try:
            return self._fernet.decrypt(stored.encode()).decode()
        except InvalidToken as error:
            raise DeliveryError(
                "群机器人的密钥无法解密（SECRET_KEY 已更换），请重新登记",
                retryable=False,
                elsewhere=True,
                shut=Shut.CHAT,
            ) from error
