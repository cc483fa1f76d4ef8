"""From a checked-out version to a stack that answers: deploying, destroying, the smoke test."""
