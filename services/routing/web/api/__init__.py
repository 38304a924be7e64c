"""The interface for staff's programs, under /api/staff/v1."""

from services.routing.web.api.acts import add_acts
from services.routing.web.api.cases import add_cases
from services.routing.web.api.figures import add_figures
from services.routing.web.api.staff import add_staff
from shared.cities import City
from shared.web.access import by_default, staff_token
from shared.web.api import ApiBlueprint


def staff_api(city: City) -> ApiBlueprint:
    """The blueprint; every route asks for a token."""
    api = ApiBlueprint("staff_api", __name__, url_prefix="/api/staff/v1", description="Cases and those who answer.")
    by_default(api, staff_token)
    add_cases(api)
    add_acts(api)
    add_staff(api)
    add_figures(api, city)
    return api
