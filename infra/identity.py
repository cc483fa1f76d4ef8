"""Who may call the API: the user pool, its groups and the page's client."""

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.rules import acknowledge

GROUPS = {
    "advisor": "Finds applicants, sees scores, uploads files",
    "back-office": "Uploads files and reads their results",
    "operator": "Watches alarms and drift, promotes and rolls back models",
    "data-scientist": "Trains and publishes models",
}


class Identity(Construct):
    """user_pool, page_client; issuer : what the API's authorizer expects in a token."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.user_pool = self._make_user_pool()
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

    def _make_user_pool(self) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "UserPool",
            # The lender creates its employees' accounts; nobody registers.
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(username=True, email=True),
            sign_in_case_sensitive=False,
            password_policy=PASSWORD_POLICY,
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            deletion_protection=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        acknowledge(pool, "COG2", "The page's form has no second step yet; users may enrol a TOTP.")
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
            auth_flows=cognito.AuthFlow(user_password=True),
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
