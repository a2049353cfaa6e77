"""The document of an award: keys, Open Badge, PDF, status lists, verification."""
