"""What can be searched for: one row a lesson or term, in each language of a release."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base
from lms.core.schema import BY_HAND, ByHand


class Searched(StrEnum):
    """What a row of the index is about."""

    LESSON = "lesson"
    TERM = "term"


VECTOR = "fts_vector"
"""PostgreSQL's vector of a row, made once when the row is written."""
_VECTOR = (
    f"ALTER TABLE search_text ADD COLUMN {VECTOR} tsvector GENERATED ALWAYS AS"
    " (setweight(to_tsvector('simple', title), 'A')"
    " || setweight(to_tsvector('simple', words), 'B')) STORED"
)
_TABLE = (
    "CREATE VIRTUAL TABLE fts_search USING fts5(title, words, content='search_text',"
    " content_rowid='id', tokenize='unicode61 remove_diacritics 0')"
)
_IN = (
    "CREATE TRIGGER fts_search_in AFTER INSERT ON search_text BEGIN"
    " INSERT INTO fts_search(rowid, title, words) VALUES (new.id, new.title, new.words); END"
)
_OUT = (
    "CREATE TRIGGER fts_search_out AFTER DELETE ON search_text BEGIN"
    " INSERT INTO fts_search(fts_search, rowid, title, words)"
    " VALUES ('delete', old.id, old.title, old.words); END"
)
FULL_TEXT = {
    "sqlite": ByHand(create=(_TABLE, _IN, _OUT), drop=("DROP TABLE fts_search",)),
    "postgresql": ByHand(
        create=(_VECTOR, f"CREATE INDEX fts_search ON search_text USING gin ({VECTOR})"),
        drop=("DROP INDEX fts_search", f"ALTER TABLE search_text DROP COLUMN {VECTOR}"),
    ),
}


class SearchText(Base):
    """The words of a lesson or term as they are compared: folded, without articles and endings."""

    __tablename__ = "search_text"
    __table_args__ = (
        UniqueConstraint("release_id", "language", "kind", "ref"),
        {"info": {BY_HAND: FULL_TEXT}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    """A number, since SQLite's full text search knows rows by nothing else."""
    release_id: Mapped[str] = mapped_column(ForeignKey("content_release.id"))
    language: Mapped[str]
    kind: Mapped[Searched]
    ref: Mapped[str]
    """Id of the lesson or term."""
    title: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
