"""From an award to its certificate: drafted, numbered, stored, signed, issued, printed."""
