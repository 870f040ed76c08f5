"""Servers that run as child processes: started without a shell, spoken to within bounds, never left behind."""
