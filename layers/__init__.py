"""What AWS Lambda receives beside the handlers, and the build that makes it."""
