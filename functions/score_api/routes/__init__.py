"""One folder a subject: it declares its routes, beside their handlers and their schema."""
