"""Names for residents whom staff need not know by name: a bird each, steady within a case."""

from uuid import UUID

BIRDS = (
    "Avocet", "Bittern", "Bluebird", "Bunting", "Chickadee", "Cormorant", "Crane", "Curlew", "Dipper", "Dove",
    "Dunlin", "Egret", "Eider", "Falcon", "Finch", "Flicker", "Flycatcher", "Gannet", "Goldfinch", "Grebe",
    "Grosbeak", "Harrier", "Heron", "Hummingbird", "Ibis", "Jay", "Junco", "Kestrel", "Kingfisher", "Kinglet",
    "Kittiwake", "Lapwing", "Lark", "Linnet", "Loon", "Magpie", "Mallard", "Martin", "Meadowlark", "Merlin",
    "Nightjar", "Nuthatch", "Oriole", "Osprey", "Owl", "Pelican", "Petrel", "Phoebe", "Pintail", "Pipit",
    "Plover", "Puffin", "Quail", "Redstart", "Redwing", "Robin", "Sandpiper", "Shearwater", "Siskin", "Snipe",
    "Sparrow", "Starling", "Stork", "Swallow", "Swan", "Swift", "Tanager", "Teal", "Tern", "Thrush",
    "Titmouse", "Towhee", "Turnstone", "Vireo", "Wagtail", "Warbler", "Waxwing", "Wigeon", "Woodcock", "Wren",
)  # fmt: skip
COLOURS = (
    "Amber", "Azure", "Bronze", "Copper", "Coral", "Golden", "Green", "Grey", "Indigo", "Ivory",
    "Lilac", "Mint", "Ochre", "Pearl", "Rose", "Rust", "Sand", "Silver", "Slate", "Teal-blue",
)  # fmt: skip


def pseudonym(case_id: UUID) -> str:
    """Such as "Amber Heron": always the same for a case, and from its random bits alone."""
    number = case_id.int & ((1 << 62) - 1)
    colour = COLOURS[number % len(COLOURS)]
    return f"{colour} {BIRDS[(number // len(COLOURS)) % len(BIRDS)]}"
