"""The search engines, each as two pure functions: what is asked, and what its answer means."""
