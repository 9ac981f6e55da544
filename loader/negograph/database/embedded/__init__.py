"""The embedded engine: its process, its folder, and who may use it."""
