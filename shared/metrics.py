"""Every metric a worker shows: one closed list, so that dashboards and alerts can rely on it.

Labels come from closed lists too (event names of the catalogue, reasons); nothing a stranger sends
becomes a label.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)

OUTBOX_SENT = Counter("commonground_outbox_sent", "Events confirmed by the bus.", registry=REGISTRY)
OUTBOX_UNCONFIRMED = Counter(
    "commonground_outbox_unconfirmed", "Events sent without an answer in time; sent again.", registry=REGISTRY
)
OUTBOX_DEAD = Counter(
    "commonground_outbox_dead", "Events the bus refused for good; see deadletters.", registry=REGISTRY
)
OUTBOX_BACKLOG = Gauge("commonground_outbox_backlog", "Events waiting to be sent.", registry=REGISTRY)
OUTBOX_OLDEST = Gauge(
    "commonground_outbox_oldest_seconds", "Age of the oldest event waiting to be sent.", registry=REGISTRY
)
OUTBOX_ALERT = Gauge(
    "commonground_outbox_alert", "1 when the backlog is over 100,000 events or 5 minutes.", registry=REGISTRY
)
RELAY_SHARDS = Gauge("commonground_relay_shards", "Outbox shards this process sends for.", registry=REGISTRY)

EVENTS_HANDLED = Counter(
    "commonground_events_handled", "Events whose effect was committed.", ["name"], registry=REGISTRY
)
EVENTS_SKIPPED = Counter(
    "commonground_events_skipped", "Events of types this service does not react to.", registry=REGISTRY
)
EVENTS_UNKNOWN = Counter(
    "commonground_events_unknown", "Skipped events of types that no catalogue entry has.", registry=REGISTRY
)
EVENTS_REPEATED = Counter(
    "commonground_events_repeated", "Events seen before, or older than what is known.", registry=REGISTRY
)
EVENTS_PARKED = Counter("commonground_events_parked", "Events put aside.", ["reason"], registry=REGISTRY)
BATCH_SECONDS = Histogram(
    "commonground_batch_seconds", "From poll to committed offsets.", buckets=_SECONDS, registry=REGISTRY
)
BATCH_RECORDS = Histogram(
    "commonground_batch_records",
    "Records in one poll.",
    buckets=(1, 2, 5, 10, 25, 50, 100, 250, 500),
    registry=REGISTRY,
)
CONSUMER_LAG = Gauge(
    "commonground_consumer_lag", "Records published and not yet committed by this service.", registry=REGISTRY
)
PARKED = Gauge("commonground_parked", "Events put aside now.", ["reason"], registry=REGISTRY)
OLDEST_GAP = Gauge(
    "commonground_gap_oldest_seconds",
    "Age of the oldest event waiting for one before it; above 60 is an alert.",
    registry=REGISTRY,
)
OUTAGES = Counter(
    "commonground_outages", "Pauses because the database or the bus was away.", ["thread"], registry=REGISTRY
)
TIMERS_FIRED = Counter("commonground_timers_fired", "Timers fired.", ["kind"], registry=REGISTRY)
TIMERS_FAILED = Counter("commonground_timers_failed", "Tries of timers that failed.", ["kind"], registry=REGISTRY)
TIMERS_LATE = Histogram(
    "commonground_timers_late_seconds", "How late timers fired.", buckets=_SECONDS, registry=REGISTRY
)

HANDED_OVER = Counter(
    "commonground_messages_handed_over",
    "Messages handed to a provider, by what is known afterwards.",
    ["provider", "outcome"],
    registry=REGISTRY,
)
MESSAGES = Gauge(
    "commonground_messages",
    "Messages to residents that are not at an end.",
    ["channel", "state"],
    registry=REGISTRY,
)
MESSAGES_OLDEST = Gauge(
    "commonground_messages_oldest_seconds", "Age of the oldest message waiting to be sent.", registry=REGISTRY
)
CHANNEL_READY = Gauge(
    "commonground_channel_ready", "1 when a provider is configured for the channel.", ["channel"], registry=REGISTRY
)
BREAKER_OPEN = Gauge(
    "commonground_breaker_open", "1 while a provider is left alone after failures.", ["provider"], registry=REGISTRY
)
CONSENTS_CURRENT = Gauge(
    "commonground_consents_current",
    "0 while this service may not know of a STOP yet and automatic texts wait.",
    registry=REGISTRY,
)
