"""Refusals: what a rule says when something may not happen."""


class Refusal(Exception):
    """A rule said no. `code` is translated by `core.labels`, with `params` filled in.

    Nothing has been changed when it is raised; the page shows the words and keeps what was typed.
    """

    status = 422
    """Of that page (HTTP)."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


class Late(Refusal):
    """The record is no longer what the form was opened on: decided, closed, or changed."""

    status = 409


class Stale(Late):
    """Somebody else changed the record since the form was opened."""

    def __init__(self) -> None:
        super().__init__("stale")
