"""The preprocessing that the pipeline was trained with."""

import numpy as np
import pandas as pd


def add_features(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(
        CREDIT_TO_INCOME=frame["AMT_CREDIT"] / frame["AMT_INCOME_TOTAL"],
        ANNUITY_TO_INCOME=frame["AMT_ANNUITY"] / frame["AMT_INCOME_TOTAL"],
        ANNUITY_TO_CREDIT=frame["AMT_ANNUITY"] / frame["AMT_CREDIT"],
        EXT_SOURCE_MEAN=frame[["EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3"]].mean(axis=1),
        EMPLOYED_TO_AGE=frame["DAYS_EMPLOYED"].replace(365243, np.nan) / frame["DAYS_BIRTH"],
    )
