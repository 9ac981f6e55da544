"""Recipes: queries/*.cypher as questions with parameters."""
