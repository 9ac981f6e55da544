"""What Neo4j Browser is given before it starts: a login, saved scripts, the style, settings, and a text in its editor."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from negograph.database.login import Login
from negograph.database.target import DATABASE
from negograph.model.schema_files import load_model
from negograph.project import Project
from negograph.recipes.files import usable_recipes
from negograph.recipes.recipe import Recipe, Value
from negograph.recipes.saved_scripts import as_one_command, as_script, common_defaults, in_address, saved_scripts
from negograph.render.browser_style import Style, style_of

_CONNECTION = "$$discovery"
"""What Browser calls its one connection."""


@dataclass(frozen=True)
class Given:
    """What Browser is given. `recipes` are by group, `command` is what it runs at login, `editor` the text in its editor."""

    login: Login
    recipes: tuple[Recipe, ...]
    style: Style
    command: str
    editor: str

    def as_json(self) -> bytes:
        """It as start.js takes it."""
        return json.dumps(
            {
                "connections": self._connections(),
                "documents": [
                    {"id": f"negograph-{recipe.name}", "content": as_script(recipe), "folder": _folder(recipe.group)}
                    for recipe in self.recipes
                ],
                "folders": [{"id": _folder(group), "name": group} for group in self._groups()],
                "grass": self.style,
                "settings": {
                    "initCmd": self.command,
                    "showSampleScripts": False,
                    "allowCrashReports": False,
                    "allowUserStats": False,
                },
                "udc": {"consentBannerShownCount": 100},  # it says that use is counted, which it is not
                "address": f"{_to_server(self.login)}{_in_editor(self.editor)}",
            }
        ).encode()

    def _groups(self) -> Iterable[str]:
        return dict.fromkeys(recipe.group for recipe in self.recipes)

    def _connections(self) -> dict[str, object]:
        login = self.login
        connection = {
            "id": _CONNECTION,
            "type": "bolt",
            "authenticationMethod": "NATIVE",
            "host": login.uri,
            "username": login.username,
            "password": login.password,
        }
        return {"allConnectionIds": [_CONNECTION], "connectionsById": {_CONNECTION: connection}}


def given_to(login: Login, project: Project, editor: str, values: Mapping[str, Value]) -> Given:
    """What Browser is given of a project; some values are set besides the defaults that all recipes share."""
    recipes = saved_scripts(usable_recipes(project.recipe_folders())[0].values())
    style = style_of(load_model(project.schema_folders()))
    return Given(login, tuple(recipes), style, as_one_command({**common_defaults(recipes), **values}), editor)


def own_browser(http: str, login: Login, editor: str) -> str:
    """The address of the Browser that a server serves itself, with the form of its login filled in."""
    return f"{http}/browser/{_to_server(login)}{_in_editor(editor)}"


def _folder(group: str) -> str:
    return f"negograph-{group}"


def _to_server(login: Login) -> str:
    """What fills the form of the login, where there is one."""
    if login.password:
        return ""
    scheme, rest = login.uri.split("://", 1)
    form = {"dbms": f"{scheme}://{quote(login.username, safe='')}@{rest}"}
    if login.database != DATABASE:  # Browser looks for one that is named before it has asked which there are
        form["db"] = login.database
    return "?" + urlencode(form)


def _in_editor(text: str) -> str:
    """What puts a text into the editor. Behind the hash it goes to no server, which would refuse one that is long."""
    return f"#?cmd=edit&arg={quote(in_address(text), safe='')}" if text else ""


def connects_to(login: Login) -> str:
    """Where Browser may connect to, for its content security policy; a server that routes names others itself."""
    parts = urlsplit(login.uri)
    secure = "wss" if re.search(r"\+s(sc)?$", parts.scheme) else "ws"
    if parts.scheme.startswith("neo4j"):
        return f"'self' {secure}:"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"'self' {secure}://{host}:{parts.port or 7687}"
