"""Loads the fixtures of the servers and the check of events for every test."""

pytest_plugins = ["tests.servers.fixtures", "tests.events"]
