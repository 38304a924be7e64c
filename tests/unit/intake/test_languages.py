"""Languages: tags in their usual case, scripts that decide alone, guesses only when they are sure."""

import pytest

from services.intake.domain.languages import by_script, canonical, settle
from services.intake.handlers.detect import LanguageDetector


@pytest.mark.parametrize(
    ("tag", "usual"),
    [
        ("es", "es"),
        ("ES-mx", "es-MX"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sl-rozaj", "sl-rozaj"),
        ("english!", None),
        ("e", None),
        ("", None),
        ("en_US", None),
        ("x-klingon", None),
        ("en-", None),
    ],
)
def test_a_tag_is_well_formed_or_nothing(tag, usual):
    assert canonical(tag) == usual


def test_a_script_of_its_own_decides():
    assert by_script("لا أحد يأتي عندما نتصل", ["en", "ar"]) == "ar"
    assert by_script("没有人来", ["en", "zh-Hans"]) == "zh-Hans"
    assert by_script("没有人来", ["en", "es"]) == "und"
    assert by_script("nobody came", ["en", "ar"]) is None
    assert by_script("12345 !?", ["en", "ar"]) is None


def test_a_guess_counts_when_it_is_sure_and_the_text_long_enough():
    assert settle("nunca viene nadie a ayudar", ("es", 0.9), ["en", "es-US"]) == "es-US"
    assert settle("nunca viene nadie a ayudar", ("es", 0.6), ["en", "es"]) == "en"
    assert settle("si", ("es", 0.9), ["en", "es"]) == "en"
    assert settle("nunca viene nadie a ayudar", ("ca", 0.99), ["en", "es"]) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nobody comes when we call about the noise", "en"),
        ("Nunca viene nadie cuando llamamos por el ruido", "es"),
        ("ok", "en"),
        ("", "en"),
        ("لا أحد يأتي عندما نتصل", "und"),
    ],
)
def test_the_detector_stays_within_the_citys_languages(text, language):
    assert LanguageDetector(["en", "es"]).language_of(text) == language


def test_one_language_needs_no_model():
    assert LanguageDetector(["es"]).language_of("Nobody comes when we call") == "es"
