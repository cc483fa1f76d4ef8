"""The page: private files, strict headers, the API behind the same address."""

import json


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


def test_the_page_may_call_its_login_and_its_uploads_and_nothing_else(template) -> None:
    directives = dict(part.split(" ", 1) for part in policy_of(template).split("; "))
    mine, login, uploads = directives["connect-src"].split(" ")
    assert mine == "'self'"
    assert login == "https://cognito-idp.<token>.amazonaws.com"
    assert uploads.startswith("https://credit-uploads-")


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
