"""Pages and the JSON API; a route reads input, calls one action and renders."""
