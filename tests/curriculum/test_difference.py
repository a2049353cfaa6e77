"""What differs between two releases, all of it or for one programme."""

from lms.curriculum.difference import ChangedThing, ChangeKind, differences
from lms.curriculum.format import read_files
from tests.curriculum.sample import encoded, tree

OLD, _ = read_files(encoded(tree()))


def changed(*edits: tuple[str, str, str], remove: tuple[str, ...] = ()):
    files = tree()
    for name, old, new in edits:
        assert old in files[name]
        files[name] = files[name].replace(old, new)
    content, faults = read_files(encoded({n: b for n, b in files.items() if n not in remove}))
    assert not faults
    return content


def told(new, programme=None):
    return [(c.thing, c.kind) for c in differences(OLD, new, programme)]


def test_nothing_differs():
    assert told(changed()) == []


def test_a_threshold_is_shown_before_and_after():
    new = changed(("programmes/facilitator.toml", "needed = 1800", "needed = 2400"))
    (change,) = differences(OLD, new)
    assert (change.thing, change.kind) == (ChangedThing.REQUIREMENT, ChangeKind.CHANGED)
    assert (change.before.needed, change.after.needed) == (1800, 2400)
    assert change.title["en"] == "Direct practice en"


def test_one_word_of_a_lesson_in_one_language():
    new = changed(("modules/c6-method/01-analysis.ar.md", "words", "word"))
    assert told(new) == [(ChangedThing.LESSON, ChangeKind.CHANGED)]


def test_a_question_replaced():
    new = changed(("modules/a5-listening/questions.toml", '"a5-q01"', '"a5-q02"'))
    assert told(new) == [
        (ChangedThing.QUESTION, ChangeKind.ADDED),
        (ChangedThing.QUESTION, ChangeKind.REMOVED),
    ]


def test_the_rule_the_grid_and_the_lists():
    new = changed(
        ("programmes/facilitator.toml", "mean = 2.0", "mean = 2.5"),
        ("rubrics/coaching.toml", "Level 4 en", "Level four en"),
        ("practicum.toml", "economy en", "Economy en"),
        ("modules/c6-method/module.toml", "pass_percent = 70", "pass_percent = 75"),
    )
    assert told(new) == [
        (ChangedThing.PROGRAMME, ChangeKind.CHANGED),
        (ChangedThing.MODULE, ChangeKind.CHANGED),
        (ChangedThing.RUBRIC, ChangeKind.CHANGED),
        (ChangedThing.PRACTICUM, ChangeKind.CHANGED),
    ]


def test_only_what_concerns_a_programme():
    files = tree()
    files["programmes/other.toml"] = files["programmes/facilitator.toml"].replace(
        '[[modules]]\nmodule = "a5-listening"\n', ""
    )
    old, faults = read_files(encoded(files))
    assert not faults
    name = "modules/a5-listening/01-attention.en.md"
    files[name] = files[name].replace("See", "Look at")
    new, _ = read_files(encoded(files))
    assert differences(old, new, "other") == []
    assert [c.thing for c in differences(old, new, "facilitator")] == [ChangedThing.LESSON]
