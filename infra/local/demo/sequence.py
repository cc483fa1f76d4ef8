"""The demo from the first step to the last."""

from infra.local.demo.building import Builder
from infra.local.demo.running import Runner
from infra.local.demo.steps import Step


def list_steps(builder: Builder, runner: Runner) -> list[Step]:
    """The demo from the first step to the last."""
    return [
        Step("Look for tools, ports and space", builder.check_machine),
        Step("Make the functions' environments", builder.make_environments),
        Step("Build the layers and functions", builder.build_layers),
        Step("Fetch the page's libraries", builder.build_page),
        Step("Generate the sample data", builder.make_data),
        Step("Train a model", builder.train),
        Step("Synthesise the CDK template", builder.synthesise),
        Step("Start the local cloud", runner.start_emulator),
        Step("Deploy the template", runner.deploy),
        Step("Compare it with the template", runner.compare),
        Step("Publish the model", runner.publish_model),
        Step("Publish what past credits tell", runner.publish_histories),
        Step("Publish the page", runner.publish_page),
        Step("Open its address", runner.start_proxy),
        Step("Create a test advisor", runner.create_advisor),
        Step("Score a sample file", runner.score_sample),
        Step("Run the drift monitor", runner.run_drift),
    ]
