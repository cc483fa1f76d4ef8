"""The demo from the first step to the last."""

from infra.local.demo.building import Builder
from infra.local.demo.life import Life
from infra.local.demo.running import Runner
from infra.local.demo.steps import DemoStep


def list_steps(builder: Builder, runner: Runner) -> list[DemoStep]:
    """Until everybody can log in to a stack with a model."""
    earlier = [DemoStep("Train an earlier model", builder.train_earlier)]
    return [
        DemoStep("Look for tools, ports and space", builder.check_machine),
        DemoStep("Make the functions' environments", builder.make_environments),
        DemoStep("Build the layers and functions", builder.build_layers),
        DemoStep("Fetch the page's libraries", builder.build_page),
        DemoStep("Generate the sample data", builder.make_data),
        *(earlier if builder.plan.has_past else []),
        DemoStep("Train a model", builder.train),
        DemoStep("Synthesise the CDK template", builder.synthesise),
        DemoStep("Start the local cloud", runner.start_emulator),
        DemoStep("Deploy the template", runner.deploy),
        DemoStep("Compare it with the template", runner.compare),
        DemoStep("Publish the model", runner.publish_model),
        DemoStep("Publish what past credits tell", runner.publish_histories),
        DemoStep("Publish the page", runner.publish_page),
        DemoStep("Open its address", runner.start_proxy),
        DemoStep("Create an account a role", runner.create_accounts),
    ]


def list_uses(runner: Runner) -> list[DemoStep]:
    """What its users would do in their first days."""
    life = Life(runner)
    promoting = [DemoStep("Promote the newer model", life.promote)]
    return [
        *(promoting if runner.plan.has_past else []),
        DemoStep("Score a sample file", runner.score_sample),
        DemoStep("Score files of other branches", life.send_files),
        DemoStep("Take some decisions", life.take_decisions),
        DemoStep("Run the canary", runner.run_canary),
        DemoStep("Run the drift monitor as of yesterday", lambda: runner.run_drift(days_ago=1)),
        DemoStep("Run it as of today", runner.run_drift),
        DemoStep("Score the file of a broken export", life.send_broken_file),
        DemoStep("Run the drift monitor again", runner.run_drift),
    ]
