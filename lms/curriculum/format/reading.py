"""Reading a whole content folder: everything in it, and everything wrong with it."""

from collections.abc import Mapping
from pathlib import Path

from lms.curriculum.format.crosscheck import crosscheck
from lms.curriculum.format.draft import Draft
from lms.curriculum.format.faults import Fault
from lms.curriculum.format.folder import Folder, load_files, sort_files
from lms.curriculum.format.lessons import assemble, read_lesson_file
from lms.curriculum.format.modules import read_module
from lms.curriculum.format.programmes import read_programme, with_titles
from lms.curriculum.format.questions import read_questions
from lms.curriculum.format.rubrics import read_practicum, read_rubric
from lms.curriculum.rules import Content, ProgrammeModule


def read_folder(root: Path) -> tuple[Content, list[Fault]]:
    """Content and faults of a folder on disk. Content with faults is not fit for use."""
    try:
        files = load_files(root)
    except OSError as error:
        said = f"cannot be read: {error.strerror or error}"
        return _content(Draft((), [])), [Fault(str(root), 1, said, "Check the path.")]
    return read_files(files)


def read_files(files: Mapping[str, bytes]) -> tuple[Content, list[Fault]]:
    """Content and faults of a folder given as name → bytes. Never raises, whatever is inside."""
    folder = sort_files(files)
    draft = Draft(folder.languages, folder.faults)
    draft.names = _names(folder)
    _read_practice(folder, draft)
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
        elif read := read_lesson_file(folder.source(file), file.text):
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
    for lesson_id, files in draft.lesson_files.items():
        ordered = {language: files[language] for language in folder.languages if language in files}
        draft.lessons[lesson_id] = assemble(lesson_id, ordered)


def _read_modules(folder: Folder, draft: Draft) -> None:
    for file in folder.files["module"]:
        if table := folder.table(file):
            draft.modules[file.slug] = (table, read_module(table, file.slug))
    for file in folder.files["questions"]:
        if table := folder.table(file):
            draft.questions += read_questions(table, file.slug)
    described = {file.slug for file in folder.present["module"]}
    for slug in sorted({file.slug for file in folder.present["lesson"]} - described):
        draft.faults.append(
            Fault(f"modules/{slug}/module.toml", 1, "the module has no module.toml", "Write it.")
        )


def _content(draft: Draft) -> Content:
    modules = {slug: module for slug, (_, module) in draft.modules.items()}
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
    )
