"""What a kafka:// address says, and the options every client of it gets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kafka.errors import KafkaError
from kafka.net.compat import KafkaNetClient

from shared.bus.kafka.sockets import PROXY_URL
from shared.bus.kafka_address import KafkaAddress
from shared.bus.port import BusUnavailable

#: Brokers from 3.3 (the first with KRaft in production) on. Fixed, so that no constructor waits for one.
API_VERSION = (3, 3)
REQUEST_TIMEOUT_MS = 10_000
BOOTSTRAP_TIMEOUT_MS = 5_000

#: Query parameters that the client's options are called differently from.
OPTIONS = {"sasl_username": "sasl_plain_username", "sasl_password": "sasl_plain_password"}

Client = TypeVar("Client")


@dataclass(frozen=True)
class Cluster:
    """Servers, credentials, and the prefix that lets several installations share one cluster.

    With `?topic_prefix=west.` every topic and every consumer group on the cluster is called `west.…`;
    the rest of the program never sees it.
    """

    servers: tuple[str, ...]
    security: Mapping[str, str] = field(default_factory=dict, repr=False)
    prefix: str = ""

    @classmethod
    def parse(cls, url: str) -> "Cluster":
        """`kafka://h1:9092,h2:9092?security_protocol=…&topic_prefix=…`; ValueError says what is wrong."""
        address = KafkaAddress.parse(url)
        security = {OPTIONS.get(name, name): value for name, value in address.parameters.items()}
        return cls(address.servers, security, address.prefix)

    def named(self, name: str) -> str:
        """What a topic or group of ours is called on the cluster."""
        return self.prefix + name

    def ours(self, name: str) -> str:
        """What a topic or group of the cluster is called by us."""
        return name.removeprefix(self.prefix)

    def build(self, client: Callable[..., Client], **options: Any) -> Client:
        """Make a client. BusUnavailable when it cannot be made, without leaving its IO thread behind."""
        transports: list[Any] = []

        def transport(**settings: Any) -> Any:
            transports.append(KafkaNetClient(**settings))
            return transports[-1]

        try:
            return client(**(self._options() | options), kafka_client=transport)
        except (KafkaError, OSError) as error:
            # A constructor that fails keeps its IO thread running, so end it here.
            for opened in transports:
                opened.close()
            raise unavailable(error) from error

    def _options(self) -> dict[str, Any]:
        return {
            "bootstrap_servers": list(self.servers),
            "client_id": "commonground",
            "api_version": API_VERSION,
            "request_timeout_ms": REQUEST_TIMEOUT_MS,
            "bootstrap_timeout_ms": BOOTSTRAP_TIMEOUT_MS,
            "reconnect_backoff_max_ms": 1_000,
            "retry_backoff_ms": 50,
            "proxy_url": PROXY_URL,
            **self.security,
        }


def unavailable(error: Exception) -> BusUnavailable:
    """The client's error in the port's words."""
    return BusUnavailable(f"Kafka does not answer: {error or type(error).__name__}")
