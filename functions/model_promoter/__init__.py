"""The one function whose role may say which version of the model serves."""
