"""What was read before is remembered: the check of changed content says the same as a new one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.curriculum import markdown
from lms.curriculum.format import forget, read_files, toml
from lms.curriculum.release import canonical
from tests.curriculum.sample import encoded
from tests.curriculum.test_around import around

FILES = encoded(around())
PIECES = st.sampled_from(
    [
        b"",
        b"x",
        b"actors",
        b"SWOT",
        b"\n",
        b"<b>",
        b"## A",
        b"]",
        b'"',
        b"\xff",
        b"= 1",
        b"media:x.svg",
    ]
)


@st.composite
def changed(draw):
    """The sample with one to three files spoiled, taken away, or in each other's place."""
    files = dict(FILES)
    for name in draw(st.lists(st.sampled_from(sorted(FILES)), min_size=1, max_size=3)):
        if draw(st.integers(0, 9)) == 0:
            files.pop(name, None)
            continue
        body = files.get(draw(st.sampled_from([name, name, name, *sorted(FILES)[:4]])), b"")
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 30)))
        files[name] = body[:start] + draw(PIECES) + body[end:]
    return files


@settings(max_examples=15)
@given(st.lists(changed(), min_size=1, max_size=3))
def test_a_check_that_remembers_says_what_a_new_one_says(states):
    read_files(FILES)
    remembered = [read_files(files) for files in states]
    for files, (content, faults) in zip(states, remembered, strict=True):
        forget()
        new, anew = read_files(files)
        assert faults == anew
        assert canonical(content) == canonical(new)


def test_only_what_changed_is_read_again():
    name = "modules/c6-method/01-analysis.en.md"
    forget()
    read_files(FILES)
    before = [one.cache_info().misses for one in (markdown.render, markdown.outline, toml.read)]
    _, faults = read_files({**FILES, name: FILES[name].replace(b"Some", b"More")})
    after = [one.cache_info().misses for one in (markdown.render, markdown.outline, toml.read)]
    assert not faults
    assert [a - b for a, b in zip(after, before, strict=True)] == [1, 1, 0]


@pytest.mark.parametrize("name", ["glossary.toml", "modules/c6-method/media/cycle.fr.svg"])
def test_a_text_whose_surroundings_changed_is_made_again(name):
    read_files(FILES)
    body = FILES[name].replace(b'id = "swot"', b'id = "matrix"').replace(b"360 200", b"360 300")
    files = {**FILES, name: body.replace(b'"swot"', b'"matrix"')}
    content, faults = read_files(files)
    assert not faults
    html = content.lessons["c6-method/01-analysis"].html["fr"]
    assert ("#matrix" in html) or ('height="300"' in html)
