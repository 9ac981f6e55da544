"""The form of a recipe, from the parameters that it declares, and what was filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from negograph.database.exploring import Listed
from negograph.recipes.recipe import Parameter, Recipe, as_given

Control = Literal["entry", "choice", "choices", "date", "number", "text"]

UNTIL = "until"
"""The parameter that a slider over the days of the record sets, too."""


@dataclass(frozen=True)
class Field:
    """A field of a form. `options` are what it offers, each with a word on it; `value` what stands in it, `shown` as what.

    `main` fields are seen at once, the others where somebody asks for more.
    """

    name: str
    label: str
    help: str
    control: Control
    value: str
    shown: str
    required: bool
    main: bool
    options: tuple[tuple[str, str], ...] = ()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The choices that are ticked."""
        return tuple(self.value.split(",")) if self.value else ()


def fields_of(recipe: Recipe, given: Mapping[str, str], entries: Iterable[Listed]) -> tuple[Field, ...]:
    """The fields of a recipe's parameters, filled in with what is given."""
    listed = tuple(entries)
    return tuple(_field(parameter, given, listed) for parameter in recipe.parameters)


def _field(parameter: Parameter, given: Mapping[str, str], entries: Sequence[Listed]) -> Field:
    offered = [entry for entry in entries if entry.label in parameter.labels]
    value = given.get(parameter.name, _default(parameter))
    name = next((entry.name for entry in offered if entry.id == value and _alone(entry, offered)), value)
    control = _control(parameter)
    return Field(
        name=parameter.name,
        label=parameter.name.replace("_", " "),
        help=parameter.help,
        control=control,
        value=value,
        shown=name,
        required=parameter.required,
        main=parameter.required or control in ("entry", "date") or parameter.name in given,
        options=_names(offered) if control == "entry" else tuple((choice, "") for choice in parameter.choices),
    )


def _default(parameter: Parameter) -> str:
    return "" if parameter.default is None else as_given(parameter.default)


def _control(parameter: Parameter) -> Control:
    if parameter.labels:
        return "entry"
    if parameter.choices:
        return "choices" if parameter.type == "list" else "choice"
    return "date" if parameter.type == "date" else "number" if parameter.type in ("integer", "number") else "text"


def _names(entries: Sequence[Listed]) -> tuple[tuple[str, str], ...]:
    """What can be written for each entry: its name, or its id where others have that name; then its aliases, with the name."""
    names = [(entry.name, entry.label) if _alone(entry, entries) else (entry.id, entry.name) for entry in entries]
    return (*names, *((alias, entry.name) for entry in entries for alias in entry.aliases))


def _alone(entry: Listed, entries: Iterable[Listed]) -> bool:
    return not any(other.name == entry.name and other.id != entry.id for other in entries)


def read_form(recipe: Recipe, filled: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What was filled in, as far as it differs from the defaults; of a list of choices, those that are ticked."""
    told: dict[str, list[str]] = {}
    for name, value in filled:
        told.setdefault(name, []).append(value.strip())
    given = {parameter.name: ",".join(told.get(parameter.name, [])) for parameter in recipe.parameters}
    return {p.name: given[p.name] for p in recipe.parameters if given[p.name] != _default(p) and (given[p.name] or p.choices)}


def missing(recipe: Recipe, given: Mapping[str, str]) -> tuple[Parameter, ...]:
    """The parameters without which the recipe cannot be asked."""
    return tuple(parameter for parameter in recipe.parameters if parameter.required and not given.get(parameter.name))


def slider(recipe: Recipe, given: Mapping[str, str], days: Sequence[date]) -> tuple[tuple[str, ...], int] | None:
    """The days of a slider, and at which it stands; behind the last day is the whole record. None where there is nothing to move.

    A day on which nothing happened is shown as the last one before.
    """
    if len(days) < 2 or all(parameter.name != UNTIL for parameter in recipe.parameters):
        return None
    shown = tuple(day.isoformat() for day in days)
    until = given.get(UNTIL, "")
    return shown, max(0, sum(day <= until for day in shown) - 1) if until else len(shown)
