"""The room of designers: processes and their versions, what their files say, and how new ones are deployed."""
