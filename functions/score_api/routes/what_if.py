"""Simulations, counter-offers, counterfactuals, peers, populations: each loaded when first asked.

No score needs any of it, so no cold start imports it.
"""

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from functions.score_api.service import Service


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:
    @app.post("/simulate")
    def simulate_changes() -> Response[str]:
        from functions.score_api.routes.simulate import answer  # noqa: PLC0415

        return answer(app, service)

    @app.post("/counter-offer")
    def make_offer() -> Response[str]:
        from functions.score_api.routes.counter_offer import answer  # noqa: PLC0415

        return answer(app, service)

    @app.post("/counterfactuals")
    def find_changes() -> Response[str]:
        from functions.score_api.routes.counterfactuals import answer  # noqa: PLC0415

        return answer(app, service)

    @app.get("/applicants/<applicant_id>/peers")
    def get_peers(applicant_id: str) -> Response[str]:
        from functions.score_api.routes.peers import answer  # noqa: PLC0415

        return answer(app, service, applicant_id)

    @app.get("/population/scatter")
    def get_scatter() -> Response[str]:
        from functions.score_api.routes.population import answer_scatter  # noqa: PLC0415

        return answer_scatter(app, service)

    @app.get("/population/<feature>")
    def get_distribution(feature: str) -> Response[str]:
        from functions.score_api.routes.population import answer_distribution  # noqa: PLC0415

        return answer_distribution(app, service, feature)
