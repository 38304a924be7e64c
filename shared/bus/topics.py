"""The topics of Common Ground: one per source service, so that a case's events stay in one lane."""

from shared.bus.port import Topic

FEEDBACK = Topic("commonground.feedback")
CASES = Topic("commonground.cases")
MESSAGES = Topic("commonground.messages")
PEOPLE = Topic("commonground.people", compacted=True)

TOPICS = (FEEDBACK, CASES, MESSAGES, PEOPLE)
