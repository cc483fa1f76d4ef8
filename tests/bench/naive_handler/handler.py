"""A scoring function as such projects usually ship it: the training pipeline in joblib, and shap.

Everything expensive happens once, while the module is imported, as AWS advises.
"""

import io
import json
import os

import boto3
import joblib
import pandas as pd
import shap

s3 = boto3.client("s3")
body = s3.get_object(Bucket=os.environ["MODEL_BUCKET"], Key=os.environ["MODEL_KEY"])["Body"]
artifact = joblib.load(io.BytesIO(body.read()))
pipeline, columns, cutoff = artifact["pipeline"], artifact["columns"], artifact["cutoff"]
explainer = shap.TreeExplainer(pipeline.named_steps["model"])


def handler(event, context):
    application = json.loads(event["body"])
    frame = pd.DataFrame([application]).reindex(columns=columns)
    frame = frame.astype(artifact["dtypes"])
    prepared = pipeline[:-1].transform(frame)
    probability = float(pipeline.named_steps["model"].predict_proba(prepared)[0, 1])
    contributions = explainer.shap_values(prepared)[0]
    weights = dict(zip(prepared.columns, contributions.tolist(), strict=True))
    answer = {
        "applicant_id": application.get("SK_ID_CURR"),
        "probability_of_default": probability,
        "decision": "accept" if probability < cutoff else "refuse",
        "contributions": dict(sorted(weights.items(), key=lambda item: -abs(item[1]))),
    }
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(answer),
    }
