"""What things are called: one text for each language."""

from collections.abc import Mapping

Labels = Mapping[str, str]


def label(labels: Labels, language: str) -> str:
    """The label in the language, or its base language, or English."""
    return labels.get(language) or labels.get(language.partition("-")[0]) or labels["en"]
