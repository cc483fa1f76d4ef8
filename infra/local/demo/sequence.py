"""The demo from the first step to the last."""

from infra.local.demo.building import Builder
from infra.local.demo.running import Runner
from infra.local.demo.steps import DemoStep


def list_steps(builder: Builder, runner: Runner) -> list[DemoStep]:
    """The demo from the first step to the last."""
    return [
        DemoStep("Look for tools, ports and space", builder.check_machine),
        DemoStep("Make the functions' environments", builder.make_environments),
        DemoStep("Build the layers and functions", builder.build_layers),
        DemoStep("Fetch the page's libraries", builder.build_page),
        DemoStep("Generate the sample data", builder.make_data),
        DemoStep("Train a model", builder.train),
        DemoStep("Synthesise the CDK template", builder.synthesise),
        DemoStep("Start the local cloud", runner.start_emulator),
        DemoStep("Deploy the template", runner.deploy),
        DemoStep("Compare it with the template", runner.compare),
        DemoStep("Publish the model", runner.publish_model),
        DemoStep("Publish what past credits tell", runner.publish_histories),
        DemoStep("Publish the page", runner.publish_page),
        DemoStep("Open its address", runner.start_proxy),
        DemoStep("Create a test advisor", runner.create_advisor),
        DemoStep("Score a sample file", runner.score_sample),
        DemoStep("Run the drift monitor", runner.run_drift),
    ]
