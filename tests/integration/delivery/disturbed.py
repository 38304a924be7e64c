"""A bus whose publisher a test can disturb."""

from shared.bus import Message


class DisturbedBus:
    """The station's bus with a publisher that a test can disturb."""

    def __init__(self, bus):
        self._bus = bus
        self.batches: list[list[Message]] = []
        self.before = lambda messages: None
        self.after = lambda messages, flags: flags

    def publisher(self):
        inner = self._bus.publisher()
        outer = self

        class Publisher:
            def publish(self, messages, timeout_s):
                outer.before(messages)
                flags = inner.publish(messages, timeout_s)
                outer.batches.append(list(messages))
                return outer.after(messages, flags)

            def close(self):
                inner.close()

        return Publisher()
