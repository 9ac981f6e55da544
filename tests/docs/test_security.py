"""SECURITY.md names the tests that keep its promises."""

from __future__ import annotations

import re

from tests.conftest import CHECKOUT
from tests.docs.pages import PAGES


def test_each_promise_of_the_security_page_names_the_tests_that_keep_it() -> None:
    promised = PAGES["SECURITY.md"].partition("## What is promised\n")[2].partition("## What is not promised\n")[0]
    named = re.findall(r"`(tests/[\w/]+\.py)`", promised)
    assert len(named) > 10
    assert [path for path in named if not (CHECKOUT / path).is_file()] == []
    for promise in re.split(r"\n\n|\n(?=- )", promised.strip()):
        assert re.search(r"`tests/", promise) or promise.endswith("nothing outside of it.**"), promise
