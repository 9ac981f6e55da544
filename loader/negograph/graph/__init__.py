"""The graph: entries to nodes and relationships, and two graphs to a plan."""
