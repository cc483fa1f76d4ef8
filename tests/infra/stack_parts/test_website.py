"""The page: private files, strict headers, the API behind the same address."""

import json

import pytest

from infra.stack_parts.settings import SettingInvalid
from tests.infra.conftest import synthesise

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/11112222-3333"
WEB_ACL = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/page/11112222-3333"


def policy_of(template) -> str:
    headers = template.one("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    value = headers["SecurityHeadersConfig"]["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    parts = value["Fn::Join"][1]
    return "".join(part if isinstance(part, str) else "<token>" for part in parts)


def test_only_our_own_files_run_on_the_page(template) -> None:
    directives = dict(part.split(" ", 1) for part in policy_of(template).split("; "))
    assert directives["default-src"] == "'self'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["object-src"] == directives["base-uri"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"


def test_the_page_may_call_its_login_and_two_buckets_and_nothing_else(template) -> None:
    directives = dict(part.split(" ", 1) for part in policy_of(template).split("; "))
    mine, login, uploads, results = directives["connect-src"].split(" ")
    assert mine == "'self'"
    assert login == "https://cognito-idp.<token>.amazonaws.com"
    assert uploads.startswith("https://credit-uploads-")
    assert results == "https://<token>.s3.<token>.<token>"


def test_browsers_come_back_over_https_only(template) -> None:
    headers = template.one("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    security = headers["SecurityHeadersConfig"]
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000
    assert security["ContentTypeOptions"] == {"Override": True}
    assert security["FrameOptions"]["FrameOption"] == "DENY"
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"


def test_the_api_is_never_cached_and_gets_the_callers_token(template) -> None:
    configuration = template.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    behaviours = configuration["CacheBehaviors"]
    assert [behaviour["PathPattern"] for behaviour in behaviours] == ["/api", "/api/*"]
    caching_disabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    all_viewer_except_host = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    for behaviour in behaviours:
        assert behaviour["CachePolicyId"] == caching_disabled
        assert behaviour["OriginRequestPolicyId"] == all_viewer_except_host
        assert behaviour["ViewerProtocolPolicy"] == "https-only"


def test_cloudfront_talks_tls_1_2_to_the_api(template) -> None:
    configuration = template.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    origins = [o["CustomOriginConfig"] for o in configuration["Origins"] if "S3" not in str(o)]
    assert origins
    for origin in origins:
        assert origin["OriginProtocolPolicy"] == "https-only"
        assert origin["OriginSSLProtocols"] == ["TLSv1.2"]


def test_the_api_gets_a_secret_that_no_template_tells(template) -> None:
    configuration = template.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    secret = template.id_of("AWS::SecretsManager::Secret", "Origin")
    origins = [o["OriginCustomHeaders"] for o in configuration["Origins"] if "S3" not in str(o)]
    assert origins
    for [header] in origins:
        before, named, after = header["HeaderValue"]["Fn::Join"][1]
        assert (before, after) == ("{{resolve:secretsmanager:", ":SecretString:current::}}")
        assert named == {"Fn::GetAtt": [secret, "Id"]}
    told = {"Api": True, "Operators": True, "Batch": False, "Canary": False}
    for part, is_told in told.items():
        function = template.one("AWS::Lambda::Function", part)
        assert ("ORIGIN_SECRET" in function["Environment"]["Variables"]) == is_told, part


def test_whoever_calls_for_a_machine_is_told_the_filtered_address(template) -> None:
    canary = template.one("AWS::Lambda::Function", "Canary")["Environment"]["Variables"]
    page, told = (template.body["Outputs"][name]["Value"] for name in ("WebsiteUrl", "ApiUrl"))
    assert told["Fn::Join"][1] == [*page["Fn::Join"][1], "/api"]
    assert canary["API_URL"] == told


def test_every_behaviour_sends_the_headers(template) -> None:
    configuration = template.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    headers = {"Ref": template.id_of("AWS::CloudFront::ResponseHeadersPolicy")}
    behaviours = [configuration["DefaultCacheBehavior"], *configuration["CacheBehaviors"]]
    assert [part["ResponseHeadersPolicyId"] for part in behaviours] == [headers] * 3


def test_files_are_read_through_cloudfront_alone(template) -> None:
    assert len(template.ids("AWS::CloudFront::OriginAccessControl")) == 1
    website = template.id_of("AWS::S3::Bucket", "StorageWebsite")
    allowed = [
        statement
        for _, statement in template.statements("AWS::S3::BucketPolicy")
        if statement["Effect"] == "Allow" and website in json.dumps(statement["Resource"])
    ]
    assert [statement["Principal"] for statement in allowed] == [
        {"Service": "cloudfront.amazonaws.com"}
    ]
    assert "AWS:SourceArn" in json.dumps(allowed[0]["Condition"])


def test_with_a_domain_of_its_own_the_page_speaks_tls_1_2_and_is_filtered(make) -> None:
    own = {"domainName": "scores.example.com", "certificateArn": CERTIFICATE, "webAclArn": WEB_ACL}
    template = synthesise(make(**own))
    configuration = template.one("AWS::CloudFront::Distribution")["DistributionConfig"]
    assert configuration["Aliases"] == ["scores.example.com"]
    assert configuration["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert configuration["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE
    assert configuration["WebACLId"] == WEB_ACL
    assert template.body["Outputs"]["WebsiteUrl"]["Value"] == "https://scores.example.com"


@pytest.mark.parametrize(
    "given",
    [
        {"domainName": "scores.example.com"},
        {"certificateArn": CERTIFICATE},
        {
            "domainName": "scores.example.com",
            "certificateArn": CERTIFICATE.replace("us-east-1", "eu-west-3"),
        },
        {"webAclArn": WEB_ACL.replace("global", "regional")},
    ],
)
def test_what_cloudfront_would_refuse_is_said_at_synthesis(make, given) -> None:
    with pytest.raises(SettingInvalid):
        make(**given)
