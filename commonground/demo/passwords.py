"""The passwords of the demo's people: the same at every start, different in every installation."""

from shared.sealing import KeyedHash

#: Short plain words; four of sixty-four and two digits are beyond guessing at the front door's limits.
WORDS = (
    "acorn", "amber", "anchor", "apple", "arch", "barge", "basin", "bay",
    "beacon", "birch", "blossom", "bridge", "brook", "candle", "canal", "cellar",
    "cherry", "clover", "cove", "crane", "daisy", "delta", "dune", "elm",
    "fern", "ferry", "field", "finch", "fjord", "garden", "gate", "glade",
    "grove", "harp", "heath", "hill", "harvest", "inlet", "island", "ivory",
    "lagoon", "lake", "lantern", "larch", "linen", "lotus", "lily", "meadow",
    "mill", "mint", "moss", "oak", "orchard", "otter", "pearl", "pebble",
    "pine", "plum", "pond", "quay", "reed", "river", "ripple", "robin",
)  # fmt: skip


def password_of(login: str, key: bytes) -> str:
    """The password of one of the demo's people; it hangs on the installation's own SECRET_KEY."""
    digest = KeyedHash(key).digest("demo password", login)
    words = [WORDS[byte % len(WORDS)] for byte in digest[:4]]
    return f"{'-'.join(words)}-{digest[4] % 90 + 10}"
