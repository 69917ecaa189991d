"""The room of operations: incidents, jobs, letters, the health of the installation, and the people who sign in."""
