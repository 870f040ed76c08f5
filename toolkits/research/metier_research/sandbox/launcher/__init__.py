"""What runs inside the new process, before the program: it takes away what the program must not have.

These modules import the standard library and each other, nothing else: they are started without site-packages.
"""
