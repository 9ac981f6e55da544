"""Files of a project: read and found without leaving it, written whole or not at all."""
