"""The graph model: schema/*.yaml as plain data."""
