"""Reading a whole content folder: everything in it, and everything wrong with it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lms.curriculum.format.crosscheck import crosscheck
from lms.curriculum.format.draft import Draft
from lms.curriculum.format.exercises import read_coverage, read_discover, read_exercises
from lms.curriculum.format.faults import Fault
from lms.curriculum.format.folder import Folder, links_in, load_files, sort_files
from lms.curriculum.format.glossary import read_glossary, terms_in
from lms.curriculum.format.lessons import assemble, check_pictures, read_lesson_file
from lms.curriculum.format.media import (
    pictures_for,
    read_file,
    read_handouts,
    read_picture,
)
from lms.curriculum.format.modules import read_module
from lms.curriculum.format.programmes import read_programme, with_titles
from lms.curriculum.format.questions import read_questions
from lms.curriculum.format.rubrics import read_practicum, read_rubric
from lms.curriculum.markdown import Surroundings
from lms.curriculum.rules import Content, ProgrammeModule


def read_folder(root: Path) -> tuple[Content, list[Fault]]:
    """Content and faults of a folder on disk. Content with faults is not fit for use."""
    try:
        files = load_files(root)
    except OSError as error:
        return _content(Draft((), [])), [unreadable(root, error)]
    content, faults = read_files(files)
    return content, sorted([*faults, *links_in(root)])


def unreadable(root: Path, error: OSError) -> Fault:
    """What is said of a folder, or a file in it, that cannot be read."""
    said = f"cannot be read: {error.strerror or error}"
    return Fault(str(error.filename or root), 1, said, "Check the path, and who may read it.")


def read_files(files: Mapping[str, bytes]) -> tuple[Content, list[Fault]]:
    """Content and faults of a folder given as name → bytes. Never raises, whatever is inside."""
    folder = sort_files(files)
    draft = Draft(folder.languages, folder.faults)
    draft.names = _names(folder)
    _read_practice(folder, draft)
    _read_around(folder, draft)
    _read_lessons(folder, draft)
    _read_modules(folder, draft)
    for file in folder.files["programme"]:
        if table := folder.table(file):
            draft.programmes[file.slug] = (table, read_programme(table, file.slug, draft.practicum))
    crosscheck(draft)
    return _content(draft), sorted(set(draft.faults))


def _names(folder: Folder) -> frozenset[str]:
    modules = {file.slug for kind in ("module", "lesson") for file in folder.present[kind]}
    lessons = {f"{file.slug}/{file.lesson}" for file in folder.present["lesson"]}
    return frozenset(modules | lessons)


def _read_practice(folder: Folder, draft: Draft) -> None:
    for file in folder.files["practicum"]:
        if table := folder.table(file):
            draft.practicum = read_practicum(table)
    for file in folder.files["rubric"]:
        if table := folder.table(file):
            draft.rubrics[file.slug] = read_rubric(table, file.slug)


def _read_lessons(folder: Folder, draft: Draft) -> None:
    for file in folder.files["lesson"]:
        if file.language not in folder.languages:
            folder.source(file).fault_at(
                1,
                f"language `{file.language}` is declared by no programme",
                "Add it to `languages` of a programme, or remove the file.",
            )
        elif read := read_lesson_file(folder.source(file), file.text, file.language):
            lesson = draft.lesson_files.setdefault(f"{file.slug}/{file.lesson}", {})
            lesson[file.language] = read
    present = {file.name for file in folder.present["lesson"]}
    for lesson_id in sorted(name for name in draft.names if "/" in name):
        for language in folder.languages:
            name = f"modules/{lesson_id}.{language}.md"
            if name not in present:
                draft.faults.append(
                    Fault(name, 1, f"the lesson is missing in `{language}`", "Write this file.")
                )
    _assemble(folder, draft)


def _assemble(folder: Folder, draft: Draft) -> None:
    terms = {language: terms_in(draft.glossary, language) for language in folder.languages}
    for lesson_id, files in draft.lesson_files.items():
        ordered = {language: files[language] for language in folder.languages if language in files}
        media = draft.media.get(lesson_id.partition("/")[0], {})
        around = {
            language: Surroundings(pictures_for(media, language, folder.languages), terms[language])
            for language in ordered
        }
        for language, file in ordered.items():
            check_pictures(file, around[language].pictures)
        handouts = [handout for _, home, handout in draft.handouts if home == lesson_id]
        draft.lessons[lesson_id] = assemble(lesson_id, ordered, around, handouts)


def _read_around(folder: Folder, draft: Draft) -> None:
    """What lessons point at, and what is open to all."""
    _read_media(folder, draft)
    for file in folder.files["glossary"]:
        if table := folder.table(file):
            draft.glossary = read_glossary(table)
    for file in folder.files["discover"]:
        if table := folder.table(file):
            draft.discover = (table, read_discover(table))
    for file in folder.files["coverage"]:
        if table := folder.table(file):
            read_coverage(table)


def _read_media(folder: Folder, draft: Draft) -> None:
    for file in folder.files["picture"]:
        read = read_picture(folder.source(file), file.body)
        draft.media.setdefault(file.slug, {})[file.media] = read
    for file in folder.files["handout"]:
        extension = file.media.rpartition(".")[2]
        read = read_file(folder.source(file), file.body, extension)
        draft.media.setdefault(file.slug, {})[file.media] = read
    for file in folder.files["handouts"]:
        if table := folder.table(file):
            for row, lesson, handout in read_handouts(table, draft.media.get(file.slug, {})):
                draft.handouts.append((row, f"{file.slug}/{lesson}", handout))


def _read_modules(folder: Folder, draft: Draft) -> None:
    for file in folder.files["module"]:
        if table := folder.table(file):
            draft.modules[file.slug] = (table, read_module(table, file.slug))
    for file in folder.files["questions"]:
        if table := folder.table(file):
            draft.questions += read_questions(table, file.slug)
    for file in folder.files["exercises"]:
        if table := folder.table(file):
            draft.exercises += read_exercises(table, file.slug)
    described = {file.slug for file in folder.present["module"]}
    for slug in sorted({file.slug for file in folder.present["lesson"]} - described):
        draft.faults.append(
            Fault(f"modules/{slug}/module.toml", 1, "the module has no module.toml", "Write it.")
        )


def _content(draft: Draft) -> Content:
    required = [one for _, one in draft.exercises if one.required]
    modules = {
        slug: replace(
            module, required=tuple(one.id for one in required if one.lesson in module.lessons)
        )
        for slug, (_, module) in draft.modules.items()
    }
    entries = {
        module.slug: ProgrammeModule(module.slug, module.code, module.title)
        for module in modules.values()
    }
    return Content(
        languages=draft.languages,
        programmes={
            slug: with_titles(programme, entries)
            for slug, (_, programme) in draft.programmes.items()
        },
        modules=modules,
        lessons=draft.lessons,
        questions={question.id: question for _, question in draft.questions},
        rubrics=draft.rubrics,
        practicum=draft.practicum,
        glossary=draft.glossary,
        exercises={exercise.id: exercise for _, exercise in draft.exercises},
        discover=draft.discover[1] if draft.discover else None,
        media={
            file.address: f"modules/{slug}/media/{name}"
            for slug, files in sorted(draft.media.items())
            for name, file in sorted(files.items())
        },
    )
