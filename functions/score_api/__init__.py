"""The HTTP API: one function behind every route. A new route is a module of `routes/`."""
