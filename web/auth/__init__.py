"""People sign in and out here, change their password and choose their language."""
