import os

# Powertools reads it when the handler is imported, as the function's configuration sets it.
os.environ["POWERTOOLS_SERVICE_NAME"] = "snapshot-renewer"
