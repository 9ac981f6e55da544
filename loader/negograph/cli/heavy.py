"""Modules that take long to load, and that the driver would load wherever they are installed, to take and give its values."""

import contextlib
import sys
from collections.abc import Iterator

_LOADED_BY_THE_DRIVER = ("numpy", "pandas", "pyarrow")


@contextlib.contextmanager
def kept_out() -> Iterator[None]:
    """Nothing can load these modules, unless they are there already or a command lets them in."""
    absent = {name: None for name in _LOADED_BY_THE_DRIVER if name not in sys.modules}
    sys.modules.update(absent)  # type: ignore[arg-type]  # None says that there is no such module
    try:
        yield
    finally:
        for name in absent:
            _let_in(name)


def let_in_numpy() -> None:
    """Let a command load numpy, once the driver is loaded without it."""
    import neo4j  # noqa: F401

    _let_in("numpy")


def _let_in(name: str) -> None:
    if name in sys.modules and sys.modules[name] is None:
        del sys.modules[name]
