"""Who may call the API: the user pool with its groups, the page's client, machines' clients.

A branch is data, not infrastructure: an administrator makes its group `branch-<name>` when it
opens (docs/operations.md).
"""

from aws_cdk import Aws, CfnResource, Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from functions.score_api.access import (
    ALL_BRANCHES_GROUP,
    BRANCH_SCOPE,
    RESOURCE_SERVER,
    ROLES,
    SCOPES,
)
from infra.stack_parts.machines import CANARY_MACHINE, Machine, read_machines, token_scopes
from infra.stack_parts.rules import acknowledge
from infra.stack_parts.settings import StackSettings
from infra.stack_parts.storage import name_after_stack

GROUPS = ROLES | {ALL_BRANCHES_GROUP: "Acts for every branch, within the role"}


class Identity(Construct):
    """user_pool, page_client; issuer : what the API's authorizer expects in a token
    machines : clients by name; canary_client : one more, of ours
    token_endpoint : where machines get their tokens
    """

    def __init__(self, scope: Construct, construct_id: str, *, settings: StackSettings) -> None:
        super().__init__(scope, construct_id)
        self.user_pool = self._make_user_pool(requires_mfa=settings.requires_mfa)
        self.page_client = self._make_page_client()
        self.endpoint = f"https://cognito-idp.{Aws.REGION}.amazonaws.com"
        self.issuer = f"{self.endpoint}/{self.user_pool.user_pool_id}"
        for name, description in GROUPS.items():
            cognito.CfnUserPoolGroup(
                self,
                f"Group-{name}",
                user_pool_id=self.user_pool.user_pool_id,
                group_name=name,
                description=description,
            )
        self.token_endpoint = self._make_token_endpoint()
        self.machines = self._make_machines([*read_machines(self.node), CANARY_MACHINE])
        self.canary_client = self.machines.pop(CANARY_MACHINE.name)

    @property
    def client_ids(self) -> list[str]:
        """Of everything that may call the API."""
        clients = [self.page_client, *self.machines.values(), self.canary_client]
        return [client.user_pool_client_id for client in clients]

    def _make_token_endpoint(self) -> str:
        # Cognito's domains are unique in a region.
        prefix = name_after_stack("credit-scoring")
        self.user_pool.add_domain(
            "Domain", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix)
        )
        return f"https://{prefix}.auth.{Aws.REGION}.amazoncognito.com/oauth2/token"

    def _make_machines(self, machines: list[Machine]) -> dict[str, cognito.UserPoolClient]:
        branches = sorted({branch for machine in machines for branch in machine.branches})
        named = {branch: f"Act for branch {branch}" for branch in branches}
        servers = [
            self._make_resource_server(RESOURCE_SERVER, SCOPES),
            self._make_resource_server(BRANCH_SCOPE.rstrip("/"), named),
        ]
        clients = {machine.name: self._make_machine(machine) for machine in machines}
        for client in clients.values():
            client.node.add_dependency(*servers)
        return clients

    def _make_resource_server(self, name: str, scopes: dict[str, str]) -> CfnResource:
        return cognito.CfnUserPoolResourceServer(
            self,
            f"ResourceServer-{name}",
            identifier=name,
            name=name,
            user_pool_id=self.user_pool.user_pool_id,
            scopes=[
                cognito.CfnUserPoolResourceServer.ResourceServerScopeTypeProperty(
                    scope_name=scope, scope_description=description
                )
                for scope, description in scopes.items()
            ],
        )

    def _make_machine(self, machine: Machine) -> cognito.UserPoolClient:
        """Its secret is Cognito's: read there, written nowhere."""
        return self.user_pool.add_client(
            f"Machine-{machine.name}",
            user_pool_client_name=machine.name,
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[cognito.OAuthScope.custom(scope) for scope in token_scopes(machine)],
            ),
            enable_token_revocation=True,
            access_token_validity=Duration.hours(1),
        )

    def _make_user_pool(self, *, requires_mfa: bool) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "UserPool",
            # The lender creates its employees' accounts; nobody registers.
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            sign_in_case_sensitive=False,
            password_policy=PASSWORD_POLICY,
            mfa=cognito.Mfa.REQUIRED if requires_mfa else cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        acknowledge(pool, "COG2", "Users may enrol a TOTP in the page; -c mfa=required asks all.")
        acknowledge(
            pool,
            "COG3",
            "Threat protection needs the Plus plan, priced per user; a bank turns it on.",
        )
        acknowledge(pool, "COG8", "Essentials is enough without threat protection (see COG3).")
        return pool

    def _make_page_client(self) -> cognito.UserPoolClient:
        return self.user_pool.add_client(
            "Page",
            # A browser keeps no secret.
            generate_secret=False,
            # A password is proved and never sent, by nobody's program either.
            auth_flows=cognito.AuthFlow(user_srp=True),
            disable_o_auth=True,
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            # A working day: one login a morning.
            refresh_token_validity=Duration.hours(12),
        )


PASSWORD_POLICY = cognito.PasswordPolicy(
    min_length=12,
    require_digits=True,
    require_lowercase=True,
    require_uppercase=True,
    require_symbols=True,
    temp_password_validity=Duration.days(3),
)
