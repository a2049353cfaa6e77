"""Content format, checking, immutable releases, question bank, rubrics, programmes as data."""
