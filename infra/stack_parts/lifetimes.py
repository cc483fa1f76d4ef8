"""What outlives the stack, decided in one place for every resource."""

import jsii
from aws_cdk import CfnDeletionPolicy, CfnResource, IAspect, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_dynamodb as dynamodb
from constructs import IConstruct


@jsii.implements(IAspect)
class KeptUnlessNeverUsed:
    """What is kept stays when the stack goes, but not when its very creation fails.

    Otherwise a first deployment that fails leaves empty buckets and tables behind for ever.
    """

    def visit(self, node: IConstruct) -> None:
        if not isinstance(node, CfnResource):
            return
        options = node.cfn_options
        if options.deletion_policy == CfnDeletionPolicy.RETAIN:
            options.deletion_policy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE


@jsii.implements(IAspect)
class GoneWithTheStack:
    """Everything can be removed; buckets are emptied beforehand (`make destroy`)."""

    def visit(self, node: IConstruct) -> None:
        if not isinstance(node, CfnResource):
            return
        node.apply_removal_policy(RemovalPolicy.DESTROY)
        if isinstance(node, dynamodb.CfnTable):
            node.deletion_protection_enabled = False
        if isinstance(node, cognito.CfnUserPool):
            node.deletion_protection = "INACTIVE"
