"""Credit scoring: from an application to a probability of default, a decision and its reasons."""

# The one version of everything here: of the package, the API and the page.
__version__ = "1.0.0"
