"""What stands on the fictional map: sights, services and lodgings."""
