"""The boxes an inbox has, how long its pages may be, and by what figures are grouped."""

BOXES = ("mine", "team", "unassigned", "waiting", "due", "all")
LONGEST_PAGE = 200
GROUPS = ("district", "category", "language", "channel", "team", "owner")
