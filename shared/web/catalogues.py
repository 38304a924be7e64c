"""Translations: .po files, read as they are, so that adding a language is adding a file.

A folder of catalogues is `translations/LANGUAGE/LC_MESSAGES/messages.po`, the layout of gettext. The
English text is the key; what a catalogue lacks stays English.
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask_babel import Domain, get_locale

SOURCE_LANGUAGE = "en"
CATALOGUE = Path("LC_MESSAGES") / "messages.po"


class Catalogues(Domain):  # type: ignore[misc]
    """The catalogues of several folders as one; later folders win. Compiled once a language, when first needed."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__([str(folder) for folder in folders])
        self._folders = [folder for folder in folders if folder.is_dir()]
        self._compiled: dict[str, Translations] = {}

    def languages(self) -> list[str]:
        """The codes there is any translation for, English first."""
        found = {path.parent.parent.name for folder in self._folders for path in folder.glob(f"*/{CATALOGUE}")}
        return [SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE})]

    def get_translations(self) -> Translations:
        """The catalogue of the current request's language."""
        language = str(get_locale() or SOURCE_LANGUAGE)
        if language not in self._compiled:
            self._compiled[language] = self._compile(language)
        return self._compiled[language]

    def _compile(self, language: str) -> Translations:
        merged = Translations()
        for folder in self._folders:
            path = folder / language / CATALOGUE
            if path.is_file():
                found = compiled(path, language)
                merged.merge(found)
                merged.plural = found.plural  # merge() forgets it
        return merged


def compiled(path: Path, language: str) -> Translations:
    """One .po file, ready to look up in; entries marked fuzzy are left out."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=Locale.parse(language))
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return Translations(buffer)
