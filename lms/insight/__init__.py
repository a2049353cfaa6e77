"""Pages that need several rooms: home, progress, administration, audit."""
