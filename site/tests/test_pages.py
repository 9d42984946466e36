"""The built site: no markup that was not understood, and no link that leads nowhere."""

import functools
import html.parser
import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import api
import pytest

from keras_solvers import applications

BUILT = Path(__file__).parents[2] / "build" / "site"
PAGES = sorted(
    path.relative_to(BUILT).as_posix()
    for path in BUILT.rglob("*.html")
    if path.relative_to(BUILT).parts[0] not in ("_modules", "_static")
)
AS_IT_IS = {"code", "math", "pre", "script", "style", "svg"}
# TeX commands, dollars, escapes, roles, links, emphasis, code and directives of the two languages.
MARKUP = re.compile(r"\\\w+|\$|\\[|*_]|:\w+:`|\]\(|\*\*[^*\n]+\*\*|`|:::|^\.\. |<!--", re.MULTILINE)
LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("video", "src")}


class Page(html.parser.HTMLParser):
    """The text, names of places, links, and addresses of what is loaded, of a page."""

    def __init__(self, text):
        super().__init__()
        self.text, self.places, self.links, self.loaded = [], set(), [], []
        self._depth = 0  # of elements that show their content as it is
        self._signature = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self._depth += tag in AS_IT_IS
        self._signature |= tag == "dt" and "sig" in dict(attributes).get("class", "").split()
        for name, value in attributes:
            if name in ("id", "name"):
                self.places.add(value)
            elif (tag, name) == ("a", "href"):
                self.links.append(value)
            elif (tag, name) in LOADED and value:
                self.loaded.append(value)

    def handle_endtag(self, tag):
        self._depth -= tag in AS_IT_IS
        self._signature &= tag != "dt"

    def handle_data(self, data):
        if not (self._depth or self._signature):
            self.text.append(data)


@functools.cache
def read(name):
    return Page((BUILT / name).read_text())


def target(page, link):
    """`(file, place)` that a link of a page leads to."""
    parts = urlsplit(link)
    path = (BUILT / page).parent / unquote(parts.path) if parts.path else BUILT / page
    return path.resolve().relative_to(BUILT).as_posix(), unquote(parts.fragment)


@pytest.mark.parametrize("page", PAGES)
def test_all_markup_was_understood(page):
    text = "".join(read(page).text)
    found = [text[max(0, m.start() - 40) : m.end() + 40] for m in MARKUP.finditer(text)]
    assert found == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    lost = []
    for link in read(page).links:
        if urlsplit(link).scheme in ("http", "https", "mailto"):
            continue
        name, place = target(page, link)
        exists = (BUILT / name).is_file()
        if not exists or (place and name.endswith(".html") and place not in read(name).places):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_loaded_from_elsewhere(page):
    for address in read(page).loaded:
        assert not urlsplit(address).netloc, address
        assert (BUILT / target(page, address)[0]).is_file(), address


def test_every_application_and_every_public_name_has_its_place():
    for name in applications.names():
        assert f"docs/applications/{name}.html" in PAGES
    places = set().union(*(read(page).places for page in PAGES if page.startswith("api/")))
    assert set(api.paths().values()) <= places


def test_a_page_of_code_has_formulas():
    assert "<math" in (BUILT / "course" / "05_unrolled_ista.html").read_text()


@pytest.mark.parametrize(("stem", "page"), [("instal", "docs/install"), ("gpu", "docs/gpu")])
def test_the_search_finds_what_newcomers_look_for(stem, page):
    text = (BUILT / "searchindex.js").read_text()
    index = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert index["titleterms"][stem] == index["docnames"].index(page)
