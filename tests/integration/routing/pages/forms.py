"""Finding on a console page what a person would look for: a form by its act, the notice."""


def form(page, act_):
    """The form in the box below the conversation, or the one beside it that takes the case."""
    (found,) = [each for each in page.all("form") if f"/{act_}" in each.attrs["action"]]
    return found


def notice(page):
    return page.one("div", class_="notice").words
