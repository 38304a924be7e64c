"""The first page: what this is and the ways in."""

from flask import Blueprint, render_template

from services.intake.handlers.house import House


def add_home(pages: Blueprint, house: House) -> None:
    """Serve /."""
    number = house.settings.twilio_from if house.settings.twilio_from.startswith("+") else ""

    @pages.get("/")
    def home() -> str:
        return render_template("intake/home.html", text_number=number)
