"""Acts of the European Union."""
