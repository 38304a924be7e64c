"""Routing rules as values: read from a document, checked, tried against a table, and asked for a place."""

from services.routing.domain.rules.built_in import built_in
from services.routing.domain.rules.checks import Known, problems_of
from services.routing.domain.rules.expectations import Tried, tried
from services.routing.domain.rules.matching import keywords_in, units_in, wants_partner
from services.routing.domain.rules.reading import Document, Problem, Unreadable, read
from services.routing.domain.rules.settling import Settled, kept_from_police, settle
from services.routing.domain.rules.values import Expectation, Outcome, Rule, RuleSet
from services.routing.domain.rules.writing import write

__all__ = [
    "Document",
    "Expectation",
    "Known",
    "Outcome",
    "Problem",
    "Rule",
    "RuleSet",
    "Settled",
    "Tried",
    "Unreadable",
    "built_in",
    "kept_from_police",
    "keywords_in",
    "problems_of",
    "read",
    "settle",
    "tried",
    "units_in",
    "wants_partner",
    "write",
]
