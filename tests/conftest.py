"""Loads for every test: fixtures of servers and browser, the check of events, and the rule about skips."""

pytest_plugins = ["tests.servers.fixtures", "tests.events", "tests.browser.fixtures", "tests.promised"]
