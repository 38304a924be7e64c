"""A provider of texts that sends none: speaks Twilio's REST interface and keeps a ledger of all it took."""

from commonground.demo.provider.account import Account
from commonground.demo.provider.faults import Fault
from commonground.demo.provider.ledger import Ledger, Text
from commonground.demo.provider.rest import Provider
from commonground.demo.provider.webhooks import Webhooks

__all__ = ["Account", "Fault", "Ledger", "Provider", "Text", "Webhooks"]
