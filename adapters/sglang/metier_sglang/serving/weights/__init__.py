"""What is known of weights before a server loads them: their family, their sizes."""
