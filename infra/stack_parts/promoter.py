"""The promoter: the one function that may say which version of the model serves."""

from collections.abc import Mapping

from aws_cdk import Duration
from constructs import Construct
from credit_scoring.metrics import MODEL_PROMOTER

from infra.stack_parts.grants import read_models, role_of
from infra.stack_parts.lambda_functions import Layers, make_zip_function, publish
from infra.stack_parts.rules import allow
from infra.stack_parts.settings import StackSettings
from infra.stack_parts.storage import Storage

# What a promotion writes: the pointer, the history, which pointers count no more, and what waits
# for a second person.
WRITTEN = (
    "models/champion.json",
    "models/champions/*",
    "models/superseded/*",
    "models/proposals/*",
)


class Promoter(Construct):
    """function, alias"""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: StackSettings,
        layers: Layers,
        storage: Storage,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.function = make_zip_function(
            self,
            "Promoter",
            name=MODEL_PROMOTER.replace("-", "_"),
            settings=settings,
            layers=layers,
            # A version is loaded and verified before anything points to it.
            memory_mb=1024,
            timeout=Duration.seconds(25),
            environment=environment,
        )
        self.alias = publish(self.function)
        role = role_of(self.function)
        read_models(role, storage)
        places = [storage.models.arn_for_objects(name) for name in WRITTEN]
        allow(role, ["kms:GenerateMac"], [storage.pointer_key.key_arn], why="One key.")
        allow(role, ["s3:PutObject"], places, why="Named by number and version, or by intention.")
