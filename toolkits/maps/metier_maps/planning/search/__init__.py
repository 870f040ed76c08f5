"""The search for the best trip: days as vehicles, lodging sequences round them."""
