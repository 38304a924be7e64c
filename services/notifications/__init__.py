"""Notifications: messages out to residents, the providers that carry them, and who may be texted."""
