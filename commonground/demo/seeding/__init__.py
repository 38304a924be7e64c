"""The demo's cases: told by invented residents through the real front door, some of them answered."""
