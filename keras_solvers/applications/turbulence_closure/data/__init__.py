"""Reference flows with resolved Reynolds stresses."""
