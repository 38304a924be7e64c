"""The shared tables each service has in its own database: outbox, inbox, timers, leases, limits."""

from services.routing.models.foundation import metadata
from shared.inbox import add_inbox
from shared.leases import add_leases
from shared.outbox import add_outbox
from shared.timers import add_timers
from shared.web.limits.tables import add_limits

outbox = add_outbox(metadata)
inbox, parked = add_inbox(metadata)
timers = add_timers(metadata)
leases = add_leases(metadata)
limits = add_limits(metadata)
