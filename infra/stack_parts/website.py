"""The page: static files and the API behind one address, with strict headers."""

from typing import Any

from aws_cdk import Aws, Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from constructs import Construct
from credit_scoring.aws.signed_calls import bucket_address

from infra.stack_parts.api import PREFIX
from infra.stack_parts.rules import acknowledge
from infra.stack_parts.settings import EdgeSettings
from infra.stack_parts.storage import Storage


class Website(Construct):
    """distribution; url : the address that advisors open."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        storage: Storage,
        api_domain: str,
        api_headers: dict[str, str],
        login_endpoint: str,
        edge: EdgeSettings,
    ) -> None:
        super().__init__(scope, construct_id)
        self._headers = self._make_headers(storage, login_endpoint)
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="Credit scoring: the page and its API",
            default_root_object="index.html",
            default_behavior=self._serve_files(storage),
            additional_behaviors={
                path: self._forward_api(api_domain, api_headers) for path in (PREFIX, f"{PREFIX}/*")
            },
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=cloudfront.PriceClass.PRICE_CLASS_100,
            enable_logging=True,
            log_bucket=storage.access_logs,
            log_file_prefix="cloudfront/",
            log_includes_cookies=False,
            web_acl_id=edge.web_acl,
            **own_domain(self, edge),
        )
        self._explain(edge)
        self.url = f"https://{edge.domain or self.distribution.distribution_domain_name}"

    def _serve_files(self, storage: Storage) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(storage.website),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
            response_headers_policy=self._headers,
            compress=True,
        )

    def _forward_api(self, domain: str, headers: dict[str, str]) -> cloudfront.BehaviorOptions:
        """Uncached, with the caller's Authorization header and the API's own Host.

        headers : by which the API knows that it was CloudFront
        """
        return cloudfront.BehaviorOptions(
            origin=origins.HttpOrigin(
                domain,
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                custom_headers=headers,
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=self._headers,
        )

    def _make_headers(
        self, storage: Storage, login_endpoint: str
    ) -> cloudfront.ResponseHeadersPolicy:
        uploads, results = (
            bucket_address(name, region=Aws.REGION, domain=Aws.URL_SUFFIX)
            for name in (storage.uploads_name, storage.results.bucket_name)
        )
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=write_policy(
                        [login_endpoint, uploads, results], frames=[results]
                    ),
                    override=True,
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(730),
                    include_subdomains=True,
                    preload=True,
                    override=True,
                ),
            ),
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                    for name, value in OTHER_HEADERS.items()
                ]
            ),
        )

    def _explain(self, edge: EdgeSettings) -> None:
        acknowledge(
            self.distribution, "CFR1", "Advisors also work from abroad; a login guards every score."
        )
        if edge.web_acl is None:
            acknowledge(
                self.distribution,
                "CFR2",
                "A web ACL for CloudFront lives in us-east-1 and is billed by the month: "
                "-c webAclArn names one; the API behind checks tokens and throttles.",
            )
        if edge.domain is None:
            acknowledge(
                self.distribution,
                "CFR4",
                "Without a domain of the lender's, CloudFront's own certificate sets the version.",
            )


def own_domain(scope: Construct, edge: EdgeSettings) -> dict[str, Any]:
    """The lender's address and certificate, with which browsers older than TLS 1.2 are refused."""
    if edge.domain is None or edge.certificate is None:
        return {}
    certificate = acm.Certificate.from_certificate_arn(scope, "Certificate", edge.certificate)
    return {
        "domain_names": [edge.domain],
        "certificate": certificate,
        "minimum_protocol_version": cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
    }


OTHER_HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def write_policy(connections: list[str], frames: list[str]) -> str:
    """The Content-Security-Policy: our own files, the login and two buckets.

    frames : where what is shown in a sandbox lies

    No script, style sheet or style attribute written into a page.
    """
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            f"connect-src 'self' {' '.join(connections)}",
            f"frame-src {' '.join(frames)}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
