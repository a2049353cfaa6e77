"""`lms content import-questions` and `export-questions`."""

from pathlib import Path

import click

from lms.core.resources import resource_root
from lms.curriculum.exchange import files
from lms.curriculum.exchange.items import Bank, UnreadableBank
from lms.curriculum.format import read_folder
from lms.curriculum.rules import Content, Module

WORDS = {
    "kind": "questions of this kind are not known here",
    "unreadable": "it could not be read",
    "partial": "answers that were partly right count as wrong here",
    "picture": "its pictures stay behind",
    "layout": "its tables or code became plain words",
    "wildcard": "answers with * are not carried",
    "range": "a number within a range cannot be asked for here",
    "number": "the number must be typed as it stands in the file",
    "gaps": "a text with several gaps cannot be asked here",
    "remark": "remarks on single answers stay behind",
    "model": "what a good answer holds stays behind",
    "no_right_answer": "no answer is right",
    "too_few_answers": "there is too little to choose from",
    "duplicate_answer": "two answers are the same",
    "steps_apart": "each step became a question of its own",
    "too_long": "a text is too long",
}

folder_option = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The content folder; the one that comes with the application otherwise.",
)


@click.command("import-questions")
@click.argument("banks", nargs=-1, required=True, metavar="LANGUAGE=FILE…")
@click.option("--lesson", required=True, help="Where they belong: module/01-lesson.")
@click.option("--outcome", default="", help="Id of an outcome of the module; its first otherwise.")
@folder_option
def import_questions(
    banks: tuple[str, ...], lesson: str, outcome: str, folder: Path | None
) -> None:
    """Turn a bank in Moodle XML or GIFT into questions of ours, printed as TOML.

    Give the same bank in several languages, and the texts stand beside each other; what is missing
    then is named by `lms content check`. The report of what could not be carried goes to the
    standard error.

    Example: lms content import-questions fr=banque.xml en=bank.xml --lesson c9-limits/01-money
    """
    content = _content(folder)
    module = _module(content, lesson.partition("/")[0])
    if lesson not in content.lessons:
        raise click.ClickException(f"No lesson {lesson}: one of {', '.join(module.lessons)}.")
    place = files.default_place(content, module, lesson)
    if outcome:
        place["outcome"] = outcome
    found = dict(_bank(argument, content.languages) for argument in banks)
    carried = files.carried(found, content, place)
    for language, losses in carried.losses.items():
        for loss in losses:
            left = "left behind: " if loss.dropped else ""
            said = f"{WORDS[loss.kind]}{f' ({loss.detail})' if loss.detail else ''}"
            click.echo(f"{language}: {loss.question}: {left}{said}", err=True)
    if not carried.alike:
        first = next(iter(found))
        click.echo(f"The banks differ: only the texts in `{first}` are taken.", err=True)
    click.echo(f"{len(carried.ids)} questions carried.", err=True)
    click.echo(carried.toml)


@click.command("export-questions")
@click.argument("module")
@click.option("--format", "name", type=click.Choice(sorted(files.FORMATS)), default="moodle")
@click.option("--language", default="fr", show_default=True)
@folder_option
def export_questions(module: str, name: str, language: str, folder: Path | None) -> None:
    """Print the questions of a module as a bank that Moodle imports.

    Example: lms content export-questions c9-limits --format gift --language ar > bank.txt
    """
    content = _content(folder)
    found = _module(content, module)
    if language not in content.languages:
        raise click.ClickException(f"No language {language}: {', '.join(content.languages)}.")
    own = [q for q in content.questions.values() if q.lesson in found.lessons]
    data, bank = files.written(own, name, found.title[language], language)
    for loss in bank.losses:
        left = "left behind: " if loss.dropped else ""
        click.echo(f"{loss.question}: {left}{WORDS[loss.kind]}", err=True)
    click.echo(data.decode())


def _content(folder: Path | None) -> Content:
    content, faults = read_folder(folder or resource_root() / "course_content")
    if faults:
        raise click.ClickException("The content has faults: lms content check names them.")
    return content


def _module(content: Content, slug: str) -> Module:
    if slug not in content.modules:
        raise click.ClickException(f"No module {slug}: one of {', '.join(content.modules)}.")
    return content.modules[slug]


def _bank(argument: str, languages: tuple[str, ...]) -> tuple[str, Bank]:
    language, _, name = argument.partition("=")
    if not name or language not in languages:
        raise click.ClickException(f"Write {languages[0]}=FILE, not {argument}.")
    try:
        with Path(name).open("rb") as file:
            data = file.read(files.MAX_BYTES + 1)
    except OSError as error:
        raise click.ClickException(f"{name} cannot be read: {error.strerror}.") from None
    if len(data) > files.MAX_BYTES:
        raise click.ClickException(f"{name} is larger than {files.MAX_BYTES // 2**20} MB.")
    try:
        return language, files.read(data, language)
    except UnreadableBank as error:
        where = f", line {error.line}" if error.line else ""
        raise click.ClickException(f"{name} is neither Moodle XML nor GIFT{where}.") from None
