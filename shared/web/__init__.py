"""The ground every web process stands on: import what you need from its modules.

This file imports nothing on purpose: `shared.web.cooperative` must be able to run before Flask,
psycopg and everything else that captures sockets and locks when it is imported.
"""
