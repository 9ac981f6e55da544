"""A page to explore the graph with: recipes, tables, pictures, and from each act to its words."""
