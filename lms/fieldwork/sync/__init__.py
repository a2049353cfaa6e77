"""What devices send after having been without network: read, kept once, compared."""
