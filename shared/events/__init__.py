"""Events: their envelope, their form on the wire, and the catalogue of every type."""

from shared.events.binding import Undecodable, encode, from_record, to_message
from shared.events.event import Event, full_type, short_name

__all__ = ["Event", "Undecodable", "encode", "from_record", "full_type", "short_name", "to_message"]
