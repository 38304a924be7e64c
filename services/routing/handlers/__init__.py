"""What routing does: reactions to events and timers, and the commands of staff."""
