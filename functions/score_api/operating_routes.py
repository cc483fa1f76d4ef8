"""The routes for operators, in the order of the OpenAPI document.

They are answered by a function of their own, whose role may look at alarms and queues, and at
nobody's application.
"""

from functions.score_api.routes import (
    acknowledgements,
    alarms,
    drift,
    given_up,
    models,
    promotions,
    traffic,
)

SUBJECTS = (drift, acknowledgements, alarms, traffic, given_up, models, promotions)
ROUTES = tuple(route for subject in SUBJECTS for route in subject.ROUTES)
