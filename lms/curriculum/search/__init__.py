"""Search over lessons and glossary, on either database."""
