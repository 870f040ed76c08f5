"""Tool loops of one shape over many clients, each in a process of its own, against one scripted server."""
