"""What a page shows, as its address says it: the question, what is hidden of the answer, and what is looked at.

The address holds no secret, and opens the same view for everybody who explores the same project.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

RECIPE = "/recipe/"

# The names of parameters have no hyphens, so these are none of theirs.
_HIDE_WORD, _HIDE_KIND, _PARTY, _PICKED, _WHOLE = "hide-word", "hide-kind", "only-party", "look-at", "show-all"


@dataclass(frozen=True)
class View:
    """What a page shows.

    `recipe` is the question, empty at the start, and `given` the values of its parameters that differ from the defaults. Of its
    answer, what rests on the word of `hidden_words` is left out, and kinds of nodes, and what `party` has no part in. `picked` is
    what is looked at; `whole` asks for a picture of everything, however small.
    """

    recipe: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    hidden_words: frozenset[str] = frozenset()
    hidden_kinds: frozenset[str] = frozenset()
    party: str = ""
    picked: str = ""
    whole: bool = False


def to_address(view: View) -> str:
    """The address of a view, from the first slash on."""
    told = [*sorted(view.given.items())]
    told += [(_HIDE_WORD, word) for word in sorted(view.hidden_words)] + [
        (_HIDE_KIND, kind) for kind in sorted(view.hidden_kinds)
    ]
    told += [(_PARTY, view.party)] if view.party else []
    told += [(_WHOLE, "yes")] if view.whole else []
    told += [(_PICKED, view.picked)] if view.picked else []
    path = RECIPE + quote(view.recipe, safe="") if view.recipe else "/"
    return path + (f"?{urlencode(told, quote_via=quote)}" if told else "")


def view_at(address: str) -> View:
    """The view at an address; what it does not know in it, it leaves out."""
    parts = urlsplit(address)
    recipe = unquote(parts.path.removeprefix(RECIPE)) if parts.path.startswith(RECIPE) else ""
    told = parse_qsl(parts.query, keep_blank_values=True)
    own = {_HIDE_WORD, _HIDE_KIND, _PARTY, _PICKED, _WHOLE}
    return View(
        recipe=recipe,
        given={name: value for name, value in told if name not in own},
        hidden_words=_all(told, _HIDE_WORD),
        hidden_kinds=_all(told, _HIDE_KIND),
        party=_last(told, _PARTY),
        picked=_last(told, _PICKED),
        whole=_last(told, _WHOLE) == "yes",
    )


def _all(told: Iterable[tuple[str, str]], name: str) -> frozenset[str]:
    return frozenset(value for key, value in told if key == name and value)


def _last(told: Iterable[tuple[str, str]], name: str) -> str:
    return ([""] + [value for key, value in told if key == name])[-1]
