"""Reading and sending forms as a browser does."""

import re


def field(page, name):
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    assert found, f"{name} is not on the page"
    return found[1]


def post(client, url, page=None, **data):
    """Post a form as the page gave it out."""
    page = page or client.get(url)
    assert page.status_code == 200, page.text[:500]
    token = field(page, "csrf_token")
    return client.post(url, data={"csrf_token": token, **data})


def on_page(client, case, prefix, url, **data):
    """Send one of the small forms on the dossier's page."""
    page = client.get(case.url())
    values = {
        f"{prefix}-csrf_token": field(page, f"{prefix}-csrf_token"),
        f"{prefix}-version": field(page, f"{prefix}-version"),
    }
    return client.post(case.url(url), data=values | {f"{prefix}-{k}": v for k, v in data.items()})
