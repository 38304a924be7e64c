"""Decides which member of a group holds which lane: fair, and moving as few lanes as possible."""

from collections.abc import Mapping, Sequence


def share_out(
    lanes: Mapping[int, str], members: Mapping[str, frozenset[str]], current: Mapping[int, str]
) -> dict[int, str]:
    """Lane → member. `lanes` maps each lane to its topic, `members` each member to the topics it reads.

    A lane stays with its member while that is fair (nobody holds two more than somebody who could take one).
    """
    held: dict[str, list[int]] = {member: [] for member in sorted(members)}
    for lane, topic in sorted(lanes.items()):
        able = _able(topic, members)
        if able:
            owner = current.get(lane, "")
            held[owner if owner in able else min(able, key=lambda m: (len(held[m]), m))].append(lane)
    while _move_one(held, lanes, members):
        pass
    return {lane: member for member, theirs in held.items() for lane in theirs}


def _able(topic: str, members: Mapping[str, frozenset[str]]) -> Sequence[str]:
    return [member for member in sorted(members) if topic in members[member]]


def _move_one(held: dict[str, list[int]], lanes: Mapping[int, str], members: Mapping[str, frozenset[str]]) -> bool:
    """Give one lane of a member with too many to one with two fewer; False when all is fair."""
    for giver in sorted(held, key=lambda member: -len(held[member])):
        for lane in reversed(held[giver]):
            taker = min(_able(lanes[lane], members), key=lambda member: len(held[member]))
            if len(held[giver]) - len(held[taker]) > 1:
                held[giver].remove(lane)
                held[taker].append(lane)
                return True
    return False
