"""Detects the language of a text, among those the city speaks."""

import threading
from collections.abc import Sequence
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from services.intake.domain.languages import by_script, settle

_loading = threading.Lock()


class LanguageDetector:
    """The model (about 100 MB, most of a second to load) is read when the first text needs it."""

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = tuple(languages)

    def language_of(self, text: str) -> str:
        """A BCP 47 tag: one of the city's languages, or "und" for a script none of them uses."""
        if not text.strip():
            return self._languages[0]
        return by_script(text, self._languages) or settle(text, self._guess(text), self._languages)

    def _guess(self, text: str) -> tuple[str, float]:
        if len(self._languages) == 1:
            return self._languages[0], 1.0
        with _loading:
            model = _model(frozenset(language.partition("-")[0] for language in self._languages))
        code, confidence = model.classify(text[:2000])
        return str(code), float(confidence)


@cache
def _model(languages: frozenset[str]) -> LanguageIdentifier:
    """The model for these languages, read once per process."""
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    known = languages & set(model.labels)
    # Without any it knows, all of its languages stay; settle() then takes the city's first.
    if known:
        model.set_languages(sorted(known))
    return model
