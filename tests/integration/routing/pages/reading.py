"""A page as a tree of elements, read the way a browser reads it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "circle"}


@dataclass
class Element:
    """`text` is all of the text inside, in order and unchanged."""

    tag: str
    attrs: dict
    parts: list = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def words(self) -> str:
        """The text with single spaces."""
        return " ".join(self.text.split())

    def all(self, tag=None, **attrs) -> list["Element"]:
        """Every element inside with the tag and these attributes; `class_` names one class of several."""
        wanted = attrs.pop("class_", None)
        found = []
        for part in self.parts:
            if isinstance(part, Element):
                fits = (
                    (tag is None or part.tag == tag)
                    and (wanted is None or wanted in part.attrs.get("class", "").split())
                    and all(part.attrs.get(name) == value for name, value in attrs.items())
                )
                found += ([part] if fits else []) + part.all(tag, **attrs, **({"class_": wanted} if wanted else {}))
        return found

    def one(self, tag=None, **attrs) -> "Element":
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} times {tag} {attrs}"
        return found[0]

    def fields(self) -> dict:
        """What a form would send as it stands."""
        sent = {
            each.attrs["name"]: each.attrs.get("value", "") for each in self.all("input") if "name" in each.attrs
        }
        # A browser drops the line break right after the tag.
        sent |= {each.attrs["name"]: each.text.removeprefix("\n") for each in self.all("textarea")}
        for each in self.all("select"):
            options = each.all("option")
            chosen = [option for option in options if "selected" in option.attrs] or options[:1]
            if chosen:
                sent[each.attrs["name"]] = chosen[-1].attrs["value"]
        return sent


@dataclass
class Page(Element):
    response: object = None


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = [Page("", {})]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].parts.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].parts.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].parts.append(data)


def read(response) -> Page:
    """The answer's page; badly nested elements fail."""
    reader = _Reader()
    if response.mimetype == "text/html":
        reader.feed(response.text)
        reader.close()
    page = reader.open[0]
    page.response = response
    return page
