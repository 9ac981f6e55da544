"""One open page: what the person does there becomes a view, and the view becomes the parts of the page.

The database and the picture are waited for in threads. A view that the person has left is not waited for: its question is ended.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote

from nicegui import run, ui
from nicegui.events import GenericEventArguments

from negograph.database.ask import Limits
from negograph.database.exploring import Acting, Listed, read_days, read_names, read_parties, read_summary
from negograph.database.store import Store
from negograph.errors import NegographError
from negograph.model.model import Model
from negograph.operations.explore import Details, Explored, details_of_entry, details_of_facts, explore
from negograph.project import Project
from negograph.recipes.files import usable_recipes
from negograph.recipes.recipe import Recipe, check_names, find_recipe
from negograph.render.palette import palette_of
from negograph.web.explore import start
from negograph.web.explore.address import View, to_address, view_at
from negograph.web.explore.drawing import PICTURE_SCRIPT, drawn
from negograph.web.explore.form import UNTIL, fields_of, missing, read_form, slider
from negograph.web.explore.parts import (
    FILES,
    answer_part,
    choose_part,
    cypher_part,
    details_part,
    filters_part,
    question_part,
    recipes_part,
    said_part,
    start_part,
)
from negograph.web.explore.table import WORDS, kept, kinds_in

if TYPE_CHECKING:
    import networkx

T = TypeVar("T")

_LIMITS = Limits(seconds=60.0, rows=5_000)
_ROOM = (640, 560)
"""How large a picture is where the page has not said how much room there is."""


@dataclass
class Site:
    """What all pages share. `visits` are those that are open."""

    project: Project
    store: Store
    model: Model
    visits: set[Visit] = field(default_factory=set)

    def recipes(self) -> dict[str, Recipe]:
        """The recipes that can be used, the project's own among them."""
        return usable_recipes(self.project.recipe_folders())[0]

    def end(self) -> None:
        """Let no page wait for the database any more."""
        for visit in list(self.visits):
            visit.unwanted.set()


@dataclass(frozen=True)
class _Question:
    """What a page asks: a recipe, what is said above it, the entries that its form offers, the days, and the parties.

    `form` is the recipe with those of its parameters that the form has: all, or at the start the day alone.
    """

    recipe: Recipe
    form: Recipe
    title: str
    description: str
    listed: Sequence[Listed]
    days: Sequence[date]
    parties: Sequence[Acting]

    def part(self, given: Mapping[str, str], error: str = "") -> str:
        """The question as a part of the page, with what is given; fields that an error is about are marked."""
        fields = fields_of(self.form, given, self.listed)
        wrong = [name for name, value in given.items() if error and (repr(value) in error or error.startswith(f"{name} "))]
        return question_part(self.title, self.description, fields, wrong, slider(self.recipe, given, self.days))


@dataclass(frozen=True)
class _Parts:
    """What is shown of an answer."""

    answer: str
    filters: str
    cypher: str
    network: networkx.Graph[str] | None
    notes: tuple[str, ...]


class Visit:
    """A page that is open, what it shows, and the answer that this is made of."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.view = View()
        self.unwanted = threading.Event()
        self._turn = 0
        self._explored: Explored | None = None
        self._asked: _Question | None = None
        self._build()

    def _build(self) -> None:
        def part(name: str, tag: str, label: str = "", more: str = "") -> ui.html:
            named = f'aria-label="{label}"' if label else ""
            return ui.html("", sanitize=False, tag=tag).props(f"id={name} {named} {more}")

        with ui.element("div").classes("explore") as self._page:
            self._recipes = part("recipes", "nav", "Recipes")
            with ui.element("div").classes("main"):
                self._question = part("question", "section", "Question")
                self._filters = part("filter", "section", "What is shown")
                self._said = part("said", "div", more="role=status aria-live=polite")
                with ui.element("div").classes("sides") as self._sides:
                    with ui.element("div").classes("words-side"):
                        self._answer = part("answer", "section", "Answer", "tabindex=0")
                        self._details = part("details", "section", "Details")
                    with ui.element("section").props('id=picture-side aria-label="Picture"'):
                        self._note = part("picture-note", "div")
                        self._picture = part("picture", "div")
                self._cypher = part("cypher", "section", "Cypher")
        self._client = ui.context.client
        ui.on("go", self._on_go)
        ui.on("form", self._on_form)
        ui.on("filters", self._on_filters)
        ui.on("pick", self._on_pick)
        self.site.visits.add(self)
        self._client.on_delete(self._leave)

    def _leave(self) -> None:
        self.unwanted.set()
        self.site.visits.discard(self)

    async def _on_go(self, event: GenericEventArguments) -> None:
        await self._go(view_at(str(event.args)), "")

    async def _on_form(self, event: GenericEventArguments) -> None:
        if self._asked is not None:
            given = read_form(self._asked.form, _filled(event))
            await self._go(replace(self.view, given=given, picked=""), "push")

    async def _on_filters(self, event: GenericEventArguments) -> None:
        if self._explored is None:
            return
        filled = _filled(event)
        shown_words, shown_kinds = ({value for name, value in filled if name == key} for key in ("word", "kind"))
        view = replace(
            self.view,
            hidden_words=frozenset(WORDS) - shown_words,
            hidden_kinds=frozenset(kinds_in(self._explored.network)) - shown_kinds,
            party=next((value for name, value in filled if name == "party"), ""),
            picked="",
        )
        await self._show(view, "push")

    async def _on_pick(self, event: GenericEventArguments) -> None:
        if self._explored is not None and isinstance(event.args, str):
            self.view = replace(self.view, picked=event.args)
            self._tell("show", to_address(self.view), True)
            await self._look(self._turn, focus=True)

    async def _go(self, view: View, how: str) -> None:
        """Ask what a view asks, and show it."""
        self._turn += 1
        turn = self._turn
        self.unwanted.set()
        self.unwanted = threading.Event()
        self._page.classes(add="busy")
        try:
            recipe = find_recipe(self.site.recipes(), view.recipe or start.RECIPE)
            asked = await _in_thread(lambda: self._ask_about(recipe, view))
            if turn != self._turn:
                return
            self._asked, self.view = asked, view
            self._recipes.set_content(recipes_part(self.site.recipes().values(), view.recipe))
            self._question.set_content(asked.part(view.given))
            if missing(recipe, view.given):
                self._clear([], view, how)
                self._answer.set_content(choose_part(recipe, view, asked.listed))
                self._sides.classes(remove="none")
            else:
                await self._answer_it(view, how, turn)
        except NegographError as error:
            if turn == self._turn:
                self._clear([str(error)], view, how)
        finally:
            if turn == self._turn:
                self._page.classes(remove="busy")

    async def _answer_it(self, view: View, how: str, turn: int) -> None:
        """Have the database answer what is asked, and show it; or why not, beside the form."""
        asked = self._asked
        assert asked is not None
        limits = replace(_LIMITS, unwanted=self.unwanted)
        try:
            check_names(asked.recipe, view.given)
            explored = await _in_thread(lambda: explore(self.site.store, self.site.project, asked.recipe, view.given, limits))
        except NegographError as error:
            if turn == self._turn:
                self._question.set_content(asked.part(view.given, str(error)))
            raise
        if turn == self._turn:
            self._explored = explored
            if explored.given != view.given:
                self._question.set_content(asked.part(explored.given))
            await self._show(replace(view, given=explored.given), how)

    def _ask_about(self, recipe: Recipe, view: View) -> _Question:
        """What is asked, its form and the slider."""
        store = self.site.store
        form = recipe if view.recipe else replace(recipe, parameters=tuple(p for p in recipe.parameters if p.name == UNTIL))
        listed = read_names(store, sorted({label for parameter in form.parameters for label in parameter.labels}))
        said = (recipe.title, recipe.description) if view.recipe else self._of_the_record()
        days = read_days(store) if any(parameter.name == UNTIL for parameter in form.parameters) else ()
        return _Question(recipe, form, *said, listed, days, read_parties(store))

    def _of_the_record(self) -> tuple[str, str]:
        store = self.site.store
        found = read_summary(store, [label for label in self.site.model.nodes if label != "Fact"])
        titles = "; ".join(dataset.title for dataset in store.datasets()) or "The graph is empty"
        words = ", ".join(f"{found.words[word]} {says}" for word, says in WORDS.items() if word in found.words)
        acts = sum(found.words.values())
        days = f" from {found.first} to {found.last}" if found.first and found.last else ""
        entries = ", ".join(f"{count} {_many(label.lower(), count)}" for label, count in sorted(found.entries.items()))
        return (
            titles,
            f"{acts} acts{days}: {words}. {entries}." if acts else "`negograph load` fills it; then open this page again.",
        )

    async def _show(self, view: View, how: str) -> None:
        """Show of the answer what a view leaves of it."""
        explored, asked, turn = self._explored, self._asked, self._turn
        assert explored is not None
        assert asked is not None
        parts = await _in_thread(lambda: self._parts(explored, asked, view))
        if turn != self._turn:
            return
        self.view = view
        self._tell("show", to_address(view), how == "push", asked.title)
        self._said.set_content(said_part((), parts.notes))
        self._answer.set_content(parts.answer)
        self._filters.set_content(parts.filters)
        self._cypher.set_content(parts.cypher)
        layout = "graph" if asked.recipe.result == "graph" else "" if parts.network else "alone"
        self._sides.classes(remove="none alone graph", add=layout)
        self._page.classes(remove="busy")
        await self._draw(parts.network, turn)
        await self._look(turn, focus=False)

    async def _draw(self, network: networkx.Graph[str] | None, turn: int) -> None:
        """Draw the picture in the room that the page has for it beside the rest."""
        room = await self._room() if network is not None else _ROOM
        view, palette = self.view, palette_of(self.site.model)
        picture = await _in_thread(lambda: drawn(network, view, palette, room))
        if turn == self._turn:
            self._picture.set_content(picture.svg)
            self._note.set_content(picture.note)

    async def _room(self) -> tuple[int, int]:
        with contextlib.suppress(TimeoutError):
            told = await self._client.run_javascript("return window.negograph.room()", timeout=2.0)
            if isinstance(told, list) and len(told) == 2 and all(isinstance(size, int) and size > 200 for size in told):
                return min(told[0], 2400), min(told[1], 2400)
        return _ROOM

    def _parts(self, explored: Explored, asked: _Question, view: View) -> _Parts:
        palette = palette_of(self.site.model)
        left = kept(explored, view, next((party.name for party in asked.parties if party.id == view.party), ""))
        answer = (
            start_part(left, asked.parties)
            if not view.recipe
            else answer_part(left, view.picked, "" if explored.answer.rows else asked.recipe.empty)
        )
        notes = [note for note in (explored.answer.note, *explored.answer.notes) if note]
        if explored.answer.cut:
            notes.append(f"Only the first {len(explored.answer):,} rows are taken.")
        return _Parts(
            answer,
            filters_part(explored, view, palette, asked.parties),
            cypher_part(asked.recipe, explored),
            left.network,
            tuple(notes),
        )

    async def _look(self, turn: int, *, focus: bool) -> None:
        """Show what is known of what is looked at."""
        picked, known = self.view.picked, ""
        if picked:
            try:
                known = await _in_thread(lambda: self._known(picked))
            except NegographError as error:
                known = details_part(Details((), {}, {}), (), [str(error)])
        if turn == self._turn and picked == self.view.picked:
            self._details.set_content(known)
            self._tell("look", picked)
            if focus and picked:
                self._tell("details")

    def _known(self, picked: str) -> str:
        kind, _, told = picked.partition(":")
        words = [unquote(word) for word in told.split(":" if kind == "edge" else ",")]
        store, project = self.site.store, self.site.project
        recipes = self.site.recipes().values()
        if kind == "facts":
            return details_part(details_of_facts(store, project, words), recipes)
        if kind == "node":
            return details_part(details_of_entry(store, project, self._id_of(words[0])), recipes)
        if kind == "edge" and len(words) == 3:
            line = f"{self._name_of(words[0])} – {words[1].replace('_', ' ').lower() or 'joined to'} – {self._name_of(words[2])}"
            return details_part(
                Details((), {}, {}), recipes, [line, "No act stands behind this line: it is written in the entries."]
            )
        raise NegographError("there is nothing of that kind to look at")

    def _data_of(self, key: str) -> Mapping[str, Any]:
        network = self._explored.network if self._explored else None
        return network.nodes[key] if network is not None and key in network else {}

    def _id_of(self, key: str) -> str:
        return str(self._data_of(key).get("id") or key)

    def _name_of(self, key: str) -> str:
        return str(self._data_of(key).get("name") or key)

    def _clear(self, errors: Iterable[str], view: View, how: str) -> None:
        """Say what is wrong, and show no answer."""
        self._explored = None
        self._tell("show", to_address(view), how == "push", self._asked.title if self._asked else "negograph")
        self._said.set_content(said_part(errors))
        for part in (self._answer, self._filters, self._cypher, self._picture, self._note, self._details):
            part.set_content("")
        self._sides.classes(add="alone none")

    def _tell(self, what: str, *values: object) -> None:
        """Have the page do something; the values are data, whatever stands in them."""
        told = ", ".join(json.dumps(value) for value in values)
        self._client.run_javascript(f"window.negograph.{what}({told})")


def _filled(event: GenericEventArguments) -> list[tuple[str, str]]:
    """The fields of a form, as the page tells them."""
    pairs = event.args if isinstance(event.args, list) else []
    return [(str(pair[0]), str(pair[1])) for pair in pairs if isinstance(pair, list) and len(pair) == 2]


def _many(word: str, count: int) -> str:
    return word if count == 1 else f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


async def _in_thread(work: Callable[[], T]) -> T:
    """What some work gives that would keep other pages waiting."""
    done = await run.io_bound(work)
    return done  # type: ignore[return-value]  # it is None only where the server ends


def add_page(site: Site, title: str) -> None:
    """Have NiceGUI show the page at every address."""

    @ui.page("/{path:path}", title=title, dark=None, language="en-US")
    def page(path: str) -> None:
        style = (FILES / "page.css").read_text(encoding="utf-8")
        script = (FILES / "page.js").read_text(encoding="utf-8")
        ui.add_head_html(f"<style>{style}</style>")
        ui.add_body_html(f"<script>{script}</script><script>{PICTURE_SCRIPT.read_text(encoding='utf-8')}</script>")
        Visit(site)
