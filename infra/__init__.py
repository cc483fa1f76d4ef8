"""The AWS side as code: one construct per capability, composed by infra.stack."""

import os

# jsii prints a page about Node 20's end of life on every start; docs/deployment.md says it once.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
