"""The configuration for operators: one row a setting."""

from shared.config import Described, describe

START = "<!-- configuration: made by `make docs` -->"
END = "<!-- end of configuration -->"


def configuration_table() -> str:
    """Every setting as a Markdown table."""
    head = "| variable | what | default | example |\n|---|---|---|---|"
    return "\n".join([head, *(_row(entry) for entry in describe())])


def _row(entry: Described) -> str:
    name = f"`{entry.name}`" + (" or `…_FILE`" if entry.secret else "")
    default = "required" if entry.default is None else f"`{entry.default}`" if entry.default else ""
    return f"| {name} | {_cell(entry.about)} | {default} | {_cell(entry.example)} |"


def _cell(words: str) -> str:
    return words.replace("|", "\\|")


def with_table(page: str) -> str:
    """The page with the table between its two marks made anew."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{configuration_table()}\n{END}{after}"
