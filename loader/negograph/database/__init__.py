"""The database: all Cypher that negograph says, the driver, and the embedded engine."""
