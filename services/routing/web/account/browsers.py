"""What a browser is called in the list of one's sessions: its kind and machine, nothing finer."""

BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(user_agent: str) -> str:
    """Such as "Firefox, Windows"; the rest of what a browser says of itself is not kept."""
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (BROWSERS, MACHINES)]
    return ", ".join(filter(None, found)) or "?"
