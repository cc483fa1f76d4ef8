"""Credit scoring: from an application to a probability of default, a decision and its reasons."""
