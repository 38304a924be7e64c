"""What may be chosen on the form, each choice saying what it costs and gives."""

from flask_babel import gettext

from services.intake.web.pages.frame import reader_tag
from shared.cities import City, label

Option = dict[str, str]


def categories(city: City) -> list[Option]:
    """Every category of the city."""
    language = reader_tag()
    return [
        {"value": each.code, "label": label(each.labels, language), "text": label(each.hints, language)}
        for each in city.categories.values()
    ]


def districts(city: City) -> list[Option]:
    """Every district, after "not sure"."""
    language = reader_tag()
    known = [{"value": code, "label": label(each.labels, language)} for code, each in city.districts.items()]
    return [{"value": "", "label": gettext("I am not sure")}, *known]


def ways(city: City) -> list[Option]:
    """Whether we may know how to reach somebody."""
    found = [
        {
            "value": "contact",
            "label": gettext("Yes, here is how to reach me"),
            "text": gettext(
                "We can text or write when there is an answer. Whoever answers sees a made-up name, not yours."
            ),
        },
        {
            "value": "anonymous",
            "label": gettext("No, I stay unknown"),
            "text": gettext(
                "We keep no name, number or device. We cannot write to you: come back with your receipt to read "
                "the answer. Nobody can find a lost receipt."
            ),
        },
    ]
    if any(each.kind == "partner" for each in city.organisations.values()):
        found.append(
            {
                "value": "partner",
                "label": gettext("Only through a community partner"),
                "text": gettext(
                    "A community organisation reads it first and speaks with you. No police account opens it "
                    "unless you agree. It may take a little longer."
                ),
            }
        )
    return found
