"""Corrections of the course content in the browser: proposed, decided, published as a release."""
