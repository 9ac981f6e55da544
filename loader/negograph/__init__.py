"""negograph: curated facts about a negotiation as a Neo4j graph."""

__version__ = "0.1.0"
