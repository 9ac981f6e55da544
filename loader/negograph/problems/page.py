"""The page that documents the problem codes, in Markdown."""

from negograph.problems.codes import CODES, GROUPS, OTHER_FILE
from negograph.text.escaping import in_line

_INTRODUCTION = """\
# Problems and their mends

What `negograph check` reports of seeds, and `negograph queries --check` of recipes, by the code in brackets. Errors keep the
facts from being loaded; warnings are worth a look (`--strict` takes them for errors). Each example is tested: it stands in
a file of its own beside the project that `negograph init` makes, and is reported by its code alone. `negograph explain CODE`
prints what stands here.
"""


def page() -> str:
    """All codes by group."""
    parts = [_INTRODUCTION]
    for title, codes in GROUPS.items():
        parts += [f"## {title}\n", *(explanation(code) for code in codes)]
    return "\n".join(parts)


def explanation(code: str) -> str:
    """What one code means, how to mend it, and an example.

    Raises:
        KeyError: if there is no such code.
    """
    kind = CODES[code]
    text = f"### {code}\n\n*{kind.severity.capitalize()}.* {kind.meaning}\n\n**Mend:** {kind.mend}\n"
    if kind.example is None:
        return text
    example = kind.example.decode("latin-1") if isinstance(kind.example, bytes) else kind.example
    seen = "\n".join(map(in_line, example.split("\n")))  # a character that could not be seen has a name in its place
    where = "" if kind.file == OTHER_FILE else f"# {kind.file}\n"
    return f"{text}\n```yaml\n{where}{seen}```\n"
