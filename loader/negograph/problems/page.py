"""The page that documents the problem codes, in Markdown."""

from negograph.problems.codes import CODES, GROUPS, OTHER_FILE, ProblemCode
from negograph.text.escaping import in_line

_LONGEST_EXAMPLE = 1000

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
    return text + _example(kind)


def _example(kind: ProblemCode) -> str:
    """The example with a name in place of each character that could not be seen."""
    if kind.example is None or len(kind.example) > _LONGEST_EXAMPLE:
        return ""
    text = kind.example.decode("latin-1") if isinstance(kind.example, bytes) else kind.example
    seen = "\n".join(map(in_line, text.split("\n")))
    where = "" if kind.file == OTHER_FILE else f"# {kind.file}\n"
    return f"\n```yaml\n{where}{seen}```\n"
