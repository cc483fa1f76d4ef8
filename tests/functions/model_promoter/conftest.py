import os

# Powertools reads them when the handler is imported, as the function's configuration sets them.
os.environ["POWERTOOLS_SERVICE_NAME"] = "model-promoter"
os.environ["POWERTOOLS_METRICS_NAMESPACE"] = "CreditScoring"
