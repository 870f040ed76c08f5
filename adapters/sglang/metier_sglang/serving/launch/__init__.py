"""Starting servers: the command line, the process, its log, and when it is ready."""
