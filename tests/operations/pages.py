"""A page of HTML as the tests look at it: its elements with what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = {"p", "h1", "h2", "h3", "li", "dt", "dd", "td", "th", "div", "footer", "tr", "caption"}
VOID = {"meta", "br", "link", "img", "hr", "input"}


@dataclass
class Element:
    """An element, its attributes, and the elements and texts in it."""

    name: str
    attributes: dict[str, str]
    content: list[Element | str] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[Element]:
        """The elements of these names in it, itself among them, in their order; without names all of them."""
        if not names or self.name in names:
            yield self
        for inner in self.content:
            if isinstance(inner, Element):
                yield from inner.all(*names)

    def by_id(self, identity: str) -> Element:
        """The one element of that id."""
        (found,) = (element for element in self.all() if element.attributes.get("id") == identity)
        return found

    @property
    def text(self) -> str:
        """What is read in it, with every run of blanks as one."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for inner in self.content:
            if isinstance(inner, str):
                yield inner
            elif inner.name not in ("style", "title"):
                yield from inner._texts()
                yield (
                    " "
                    if inner.name in ("p", "h1", "h2", "h3", "li", "dt", "dd", "td", "th", "div", "footer", "tr", "caption")
                    else ""
                )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].content.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)


def read_page(html: str) -> Element:
    """A page whose elements are closed in the order in which they were opened."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    (page,) = reader.open
    return page
