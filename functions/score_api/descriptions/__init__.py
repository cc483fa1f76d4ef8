"""What each subject of the API takes and answers, as OpenAPI 3.1.

One module a subject, beside its routes: `PATHS` (path -> path item) and `SCHEMAS` (name -> JSON
Schema), built from `shapes` and `operations`. `openapi` puts them together.
"""
