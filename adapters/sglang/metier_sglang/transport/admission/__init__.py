"""Which request may go to which server, and when."""
