"""Countries, centres of excellence, partner bodies, conventions, reported figures."""
