"""Pages over HTTP: forms sent as their pages would send them, statements counted."""

import re
from contextlib import contextmanager

from sqlalchemy import Engine, event

OF_TRANSACTIONS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET LOCAL")


def token_of(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]


def post(client, address, page_address, **data):
    """Send a form as its page would: with the page's token, the new record's key, the version."""
    page = client.get(page_address)
    if 'name="csrf_token"' in page.text:
        client.token = token_of(page)
    values = {"csrf_token": client.token}
    for name in ("record_id", "version"):
        hidden = re.search(rf'name="{name}"[^>]*value="([^"]+)"', page.text)
        if hidden:
            values[name] = hidden[1]
    return client.post(address, data={**values, **data})


@contextmanager
def counted():
    """Statements that the block makes, transactions' own apart."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        if not statement.lstrip().upper().startswith(OF_TRANSACTIONS):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
