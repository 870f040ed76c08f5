"""What a request means in numbers: places, windows, tables of driving times."""
