"""The room of leads and managers: who has how much, what is late, what escalated, and how work is moved."""
