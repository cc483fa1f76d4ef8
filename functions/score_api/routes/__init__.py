"""One module a subject; each adds its routes with `add_routes(app, service)`."""
