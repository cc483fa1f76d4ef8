"""The local cloud: the synthesised CDK template, deployed and run on one machine."""
