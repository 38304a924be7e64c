"""Loads the servers' fixtures for every test."""

pytest_plugins = ["tests.servers.fixtures"]
