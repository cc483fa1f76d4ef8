"""The plain model is plain: nothing of the recipe's tuning reaches it."""

from training.fitting.anchor import PLAIN_PARAMETERS
from training.fitting.fit import PARAMETERS


def test_every_parameter_that_the_recipe_tunes_is_set_anew_for_the_plain_model():
    assert PARAMETERS.keys() <= PLAIN_PARAMETERS.keys()
    assert PLAIN_PARAMETERS["lambda_l2"] == PLAIN_PARAMETERS["path_smooth"] == 0
