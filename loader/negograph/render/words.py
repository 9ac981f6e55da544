"""A value of an answer in words."""

from datetime import date

from negograph.database.results import Evidence, ResultNode, ResultPath, ResultRelationship, ResultValue


def words(value: ResultValue) -> str:
    """A value as a person reads it: names for nodes, labels for relationships, a list by commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ("\n" if any(isinstance(item, Evidence) for item in value) else ", ").join(map(words, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {words(item)}" for key, item in value.items())
    if isinstance(value, Evidence):
        return f"{value.fact}: " + "; ".join(f"“{quote}” ({document})" for quote, document in value.quotes)
    if isinstance(value, ResultNode):
        return str(value.properties.get("name") or value.properties.get("id") or ":".join(value.labels))
    if isinstance(value, ResultRelationship):
        kind = value.properties.get("label") or value.type.replace("_", " ").lower()
        when = f", {value.properties['date']}" if value.properties.get("date") else ""
        return f"{words(value.start)} → {kind}{when} → {words(value.end)}"
    if isinstance(value, ResultPath):
        return "; ".join(map(words, value.relationships)) or words(value.nodes[0])
    return str(value)


def brief(value: ResultValue) -> str:
    """A value for reading: a fraction to four digits."""
    return f"{value:.4g}" if isinstance(value, float) and abs(value) < 10_000 else words(value)
