"""A small browser without pictures: cookies, forms, links."""

import re
from collections.abc import Mapping
from html import unescape
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit


class Browser:
    """One visitor of the server at `port`."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None) -> None:
        self._port = port
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies = dict(cookies or {})

    @property
    def headers(self) -> dict[str, str]:
        """The visitor's cookies, as a request carries them."""
        cookie = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {"Cookie": cookie} if cookie else {}

    def ask(
        self,
        path: str,
        body: str | None = None,
        *,
        json: bool = False,
        more: dict[str, str] | None = None,
    ) -> tuple[int, str, str]:
        """Status, Location and text of one request; `json` asks for it as scripts do."""
        headers = {**self.headers, "Host": f"localhost:{self._port}"}
        if json:
            headers["Accept"] = "application/json"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers |= more or {}
        method = "GET" if body is None else "POST"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except ConnectionError:  # the server has closed what was idle for long
            self._connection.close()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        text = answer.read().decode("utf-8", "replace")
        return answer.status, answer.headers.get("Location", ""), text

    def form(self, path: str) -> dict[str, str]:
        """Names and values of all inputs of a page."""
        found = {}
        for tag in re.findall(r"<input[^>]*>", self.ask(path)[2]):
            name = re.search(r'name="([^"]*)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            if name:
                found[name[1]] = unescape(value[1]) if value else ""
        return found

    def sign_in(self, email: str, password: str) -> None:
        """Sign in as a persona."""
        fields = self.form("/sign-in")
        name = next(field for field in fields if field in {"name", "identifier", "login", "who"})
        body = urlencode({**fields, name: email, "password": password})
        status, _, _ = self.ask("/sign-in", body)
        if status not in {302, 303}:
            raise SystemExit(f"{email} cannot sign in: {status}")

    def follow(self, path: str) -> str:
        """The address at which redirects from `path` end."""
        for _ in range(5):
            status, location, _ = self.ask(path)
            if status not in {301, 302, 303, 307, 308}:
                return path
            parts = urlsplit(location)
            path = parts.path + (f"?{parts.query}" if parts.query else "")
        raise SystemExit(f"{path} redirects for ever")

    def first_link(self, path: str, pattern: str) -> str:
        """First address on a page that fits `pattern` (its first group)."""
        found = re.search(pattern, self.ask(path)[2])
        if found is None:
            raise SystemExit(f"{path}: no link like {pattern}")
        return unescape(found[1])
