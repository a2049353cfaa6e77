"""Filling in a page's form as a browser without script would."""

import re
from html.parser import HTMLParser


class _Form(HTMLParser):
    """The fields of the first form of class `form`."""

    def __init__(self):
        super().__init__()
        self.fields, self.open, self.text, self.select = {}, None, None, None

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form" and self.open is None and "form" in (found.get("class") or "").split():
            self.open = True
        if not self.open:
            return
        name = found.get("name")
        if tag == "input" and name:
            ticked = found.get("type") in {"checkbox", "radio"}
            if not ticked or ("checked" in found and "disabled" not in found):
                self.fields.setdefault(name, []).append(found.get("value") or "")
        elif tag == "textarea":
            self.text = name
            self.fields[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in found:
            self.fields[self.select] = [found.get("value") or ""]

    def handle_data(self, data):
        if self.text:
            self.fields[self.text][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # HTML drops one line end after the tag; browsers send CRLF
            text = self.fields[self.text][0].removeprefix("\r\n").removeprefix("\n")
            self.fields[self.text][0] = text.replace("\r\n", "\n").replace("\n", "\r\n")
            self.text = None
        elif tag == "form" and self.open:
            self.open = False
        elif tag == "select":
            self.select = None


def form_of(page):
    """Name → values of the page's form."""
    parser = _Form()
    parser.feed(page.text)
    return parser.fields


def fill(client, url, data=None, *, to=None, drop=(), **kwargs):
    """Open the form, change some fields and send it."""
    page = client.get(url)
    assert page.status_code == 200, page.status_code
    fields = {k: v for k, v in form_of(page).items() if k not in drop}
    sent = {**fields, **{k: [v] if isinstance(v, str) else v for k, v in (data or {}).items()}}
    return client.post(to or url, data=sent, **kwargs)


def press(client, made, what, **data):
    """Press a button of a correction's page."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-out").text)
    sent = {"csrf_token": token.group(1), "version": str(made.revision), **data}
    return client.post(f"/admin/corrections/{made.id}/{what}", data=sent)
