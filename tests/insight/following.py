"""Reading pages as a visitor does: following links, and where they lead on."""

import re


def visit(browser, link):
    """Open a link as it stands in a page, and follow redirections."""
    url = link.replace("&amp;", "&").partition("#")[0]
    for _ in range(5):
        answer = browser.get(url)
        if answer.status_code not in {302, 303, 308}:
            break
        url = answer.location
    return answer


def token_of(page):
    """The CSRF token of a page's form."""
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
