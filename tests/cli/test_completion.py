"""Completion: what there is to offer at a Tab, and what a shell makes of it."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from negograph.cli import main
from tests.conftest import FERRY

COMMAND = shutil.which("negograph", path=sysconfig.get_path("scripts"))
OWN_RECIPE = (
    "// Names\n// Parameter: town (party, required): whose names\n\nMATCH (p {id: $town})\nRETURN p.name AS name ORDER BY name;\n"
)
BASH = """\
source "$1"
shift
compopt() { local IFS=' '; options+=("$*"); }
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
registered=$(complete -p negograph)
registered=${registered##*-F }
"${registered%% *}" negograph
printf 'reply %s\\n' "${COMPREPLY[@]}"
printf 'option %s\\n' "${options[@]}"
"""


def version_of_bash() -> tuple[int, ...]:
    """The version of bash that is on the path; nothing where there is none."""
    bash = shutil.which("bash")
    if bash is None:
        return ()
    said = subprocess.run([bash, "-c", 'echo "${BASH_VERSION}"'], capture_output=True, text=True, check=False).stdout
    return tuple(map(int, re.findall(r"\d+", said)[:2]))


needs_command = pytest.mark.skipif(COMMAND is None, reason="the command negograph is not installed as a program")
needs_bash = pytest.mark.skipif(
    COMMAND is None or version_of_bash() < (4, 4),
    reason="there is no bash 4.4 or newer, or negograph is not installed as a program",
)


def environment(**variables: str) -> dict[str, str]:
    path = os.pathsep.join([str(Path(COMMAND or "").parent), os.environ["PATH"]])
    return {**os.environ, "NEGOGRAPH_TEXTS": "", "PATH": path, **variables}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional project with a recipe of its own, not loaded anywhere, in a folder with a blank in its name."""
    folder = tmp_path_factory.mktemp("completion") / "ferry talks"
    shutil.copytree(FERRY, folder, ignore=shutil.ignore_patterns("answers"))
    (folder / "queries").mkdir()
    (folder / "queries" / "own-names.cypher").write_text(OWN_RECIPE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script that a user of bash sources."""
    done = subprocess.run(
        [COMMAND or "negograph"], env=environment(_NEGOGRAPH_COMPLETE="bash_source"), capture_output=True, text=True, check=True
    )
    path = tmp_path_factory.mktemp("bash") / "negograph.bash"
    path.write_text(done.stdout, encoding="utf-8")
    return path


@dataclass(frozen=True)
class Offered:
    """What bash gets: the words, and options such as `-o nospace`."""

    words: list[str]
    options: list[str]


def in_bash(script: Path, line: str, folder: Path) -> Offered:
    """What is offered at the end of a line, which is taken apart as bash does it."""
    words = re.findall(r"[=:]+|(?:\\.|[^\s=:\\])+", line) + ([""] if line.endswith(" ") else [])
    command = ["bash", "--norc", "--noprofile", "-c", BASH, "bash", str(script), *words]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    said = [line.partition(" ") for line in done.stdout.splitlines()]
    return Offered(
        [value for kind, _, value in said if kind == "reply" and value],
        [value for kind, _, value in said if kind == "option" and value],
    )


# what there is to offer


def offered(project: Path, *words: str) -> list[str]:
    """What can stand in the place of the last word."""
    completion = ShellComplete(main, {}, "negograph", "_NEGOGRAPH_COMPLETE")
    return [str(item.value) for item in completion.get_completions(["--project", str(project), *words[:-1]], words[-1])]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["quer"], ["queries", "query"]),
        (["query", "con"], ["contradictions"]),
        (["queries", "con"], ["contradictions"]),
        (["query", "ow"], ["own-names"]),
        # the parameters of the recipe
        (["query", "between", "-p", ""], ["party=", "other=", "whose=", "members=", "until="]),
        (["query", "between", "-p", "o"], ["other="]),
        (["query", "between", "-p", "party=guild", "-p", "o"], ["other="]),
        (["query", "between", "--evidence", "--parameter", "o"], ["other="]),
        (["query", "between", "-p", "x"], []),
        (["query", "nonsense", "-p", ""], []),
        (["query", "overview", "-p", ""], []),
        # entries by their id, their name or an alias
        (["query", "positions", "-p", "party=nor"], ["party=northbank"]),
        (["query", "positions", "-p", "party=NOR"], ["party=northbank"]),
        (["query", "positions", "-p", "party=the isl"], ["party=middle-isle"]),
        (["query", "positions", "-p", "party=é"], ["party=ferries"]),
        (["query", "positions", "-p", "party=pilots'"], ["party=guild"]),
        (["query", "positions", "-p", "party=river"], ["party=league", "party=river-council"]),
        (["query", "positions", "-p", "party=nobody"], []),
        (["query", "positions", "-p", "other=nor"], []),
        (["query", "own-names", "-p", "town=nor"], ["town=northbank"]),
        (["query", "between", "-p", "party=northbank", "-p", "other=mid"], ["other=middle-isle"]),
        (["query", "evidence", "-p", "fact=guild-offers"], ["fact=guild-offers-boat", "fact=guild-offers-boat-again"]),
        (["query", "item", "-p", "item=night"], ["item=night-ferry"]),
        (["query", "item", "-p", "item=quiet"], ["item=quiet-nights"]),
        # choices, and of lists one after the other
        (["query", "network", "-p", "concept="], ["concept=issue", "concept=item"]),
        (["query", "network", "-p", "concept=it"], ["concept=item"]),
        (["query", "network", "-p", "attribution="], ["attribution=own", "attribution=reported", "attribution=alleged"]),
        (["query", "network", "-p", "attribution=own,"], ["attribution=own,reported", "attribution=own,alleged"]),
        (["query", "network", "-p", "attribution=own,alleged,re"], ["attribution=own,alleged,reported"]),
        (["query", "network", "-p", "since="], []),
    ],
    ids=lambda words: " ".join(words) or "nothing",
)
def test_recipes_their_parameters_and_the_values_of_these(project: Path, words: list[str], found: list[str]) -> None:
    assert sorted(offered(project, *words)) == sorted(found)


def test_all_parties_are_offered_where_nothing_is_begun(project: Path) -> None:
    parties = ["northbank", "southbank", "middle-isle", "league", "towns", "ferries", "guild", "river-council"]
    assert offered(project, "query", "positions", "-p", "party=") == [f"party={party}" for party in parties]


def test_outside_a_project_the_shipped_recipes_are_offered_and_no_ids(tmp_path: Path) -> None:
    assert offered(tmp_path, "query", "said") == ["said-and-done"]
    assert offered(tmp_path, "query", "positions", "-p", "par") == ["party="]
    assert offered(tmp_path, "query", "positions", "-p", "party=nor") == []


def test_what_can_be_read_is_offered_where_a_file_is_broken(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "p")
    (tmp_path / "p" / "seeds" / "broken.yaml").write_text("facts: [\n", encoding="utf-8")
    assert offered(tmp_path / "p", "query", "positions", "-p", "party=nor") == ["party=northbank"]


# in a shell


@needs_bash
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("negograph query con", ["contradictions"]),
        ("negograph query positions -p party=Nor", ["northbank"]),
        ("negograph query positions -p party=the\\ isl", ["middle-isle"]),
        ("negograph query network -p concept=", ["issue", "item"]),
        ("negograph query network -p attribution=own,", ["own,reported", "own,alleged"]),
        ("negograph query between -p party=northbank -p other=mid", ["middle-isle"]),
        ("negograph query positions --parameter=party=nor", ["northbank"]),
        ("negograph =x", []),
    ],
)
def test_bash_which_takes_words_apart_at_an_equals_sign_is_offered_what_goes_behind_it(
    script: Path, project: Path, line: str, words: list[str]
) -> None:
    assert in_bash(script, line, project) == Offered(words, [])


@needs_bash
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("negograph query between -p ", ["party=", "other=", "whose=", "members=", "until="]),
        ("negograph query between -p party=northbank -p u", ["until="]),
    ],
)
def test_the_name_of_a_parameter_ends_in_an_equals_sign_without_a_blank_behind_it(
    script: Path, project: Path, line: str, words: list[str]
) -> None:
    assert in_bash(script, line, project) == Offered(words, ["-o nospace"])


@needs_bash
def test_where_no_recipe_begins_so_bash_offers_files(script: Path, project: Path) -> None:
    assert in_bash(script, "negograph query ./quer", project) == Offered([], ["-o default"])


@needs_bash
@pytest.mark.parametrize(
    "line",
    [
        "negograph --project {} query own-names -p town=nor",
        "negograph query own-names --project {} -p town=nor",
        "negograph query --project={} own-names -p town=nor",
    ],
)
def test_a_project_that_is_named_on_the_line_is_the_one_whose_values_are_offered(
    script: Path, project: Path, tmp_path: Path, line: str
) -> None:
    assert in_bash(script, line.format(str(project).replace(" ", "\\ ")), tmp_path).words == ["northbank"]


@needs_command
@pytest.mark.parametrize(
    ("shell", "place", "output"),
    [
        ("zsh", "4", "plain\nparty=northbank\nNorthbank\n"),
        ("fish", "party=nor", "plain,party=northbank\tNorthbank\n"),
    ],
)
def test_zsh_and_fish_are_offered_the_whole_word_with_an_explanation(project: Path, shell: str, place: str, output: str) -> None:
    words = "negograph query positions -p party=nor"
    variables = {"_NEGOGRAPH_COMPLETE": f"{shell}_complete", "COMP_WORDS": words, "COMP_CWORD": place}
    done = subprocess.run([COMMAND or ""], cwd=project, env=environment(**variables), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, output, "")


@needs_command
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_each_shell_gets_a_script(shell: str) -> None:
    variables = environment(_NEGOGRAPH_COMPLETE=f"{shell}_source")
    done = subprocess.run([COMMAND or ""], env=variables, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_NEGOGRAPH_COMPLETE={shell}_complete" in done.stdout


@needs_bash
@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_at_a_terminal_a_tab_completes_the_name_and_then_the_value(script: Path, project: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        ["bash", "--norc", "--noprofile", "-i"],
        cwd=project,
        env=environment(TERM="dumb", PS1="ready> ", INPUTRC=os.devnull),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        _until(ours, "ready> ")
        _type(ours, f"source '{script}'; cd .\n")
        _until(ours, "ready> ")
        _type(ours, "negograph query positions -p pa\t")
        _until(ours, "negograph query positions -p party=")
        _type(ours, "nor\t")
        _until(ours, "northbank ")
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


def _type(terminal: int, keys: str) -> None:
    os.write(terminal, keys.encode())


def _until(terminal: int, expected: str, seconds: float = 20) -> None:
    """Wait until the terminal shows that."""
    shown, end = "", time.monotonic() + seconds
    while expected not in shown:
        left = end - time.monotonic()
        assert left > 0, f"the terminal shows {shown!r}, and not {expected!r}"
        if select.select([terminal], [], [], left)[0]:
            shown += os.read(terminal, 4096).decode(errors="replace")
