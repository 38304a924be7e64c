"""Loads the fixtures of servers and browser and the check of events for every test."""

pytest_plugins = ["tests.servers.fixtures", "tests.events", "tests.browser.fixtures"]
