"""Answers, plans and problems as people and programs read them."""
