"""Signing in and one's own account: sessions, tokens, password."""

from flask import Blueprint

from services.routing.web.account.overview import add_overview
from services.routing.web.account.password import add_password
from services.routing.web.account.sign_in import add_sign_in
from services.routing.web.account.tokens import add_tokens
from shared.web.access import by_default, staff

account = Blueprint("account", __name__, url_prefix="/account")
by_default(account, staff())
add_sign_in(account)
add_overview(account)
add_password(account)
add_tokens(account)
