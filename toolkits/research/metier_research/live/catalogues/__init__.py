"""The catalogues of scholarly works, each as two pure functions: what is asked, and what its answer means."""
