"""Seeds: seeds/*.yaml as entries."""
