"""Programs read and write the desk here: JSON in and out, each call declared once for routing, checking and its description."""
