"""Signed-in browsers, as the tests of learning have them."""

from tests.learning.conftest import browse

__all__ = ["browse"]
