/** The API's description, to read and to try; in a file of its own because no page runs inline script. */
globalThis.SwaggerUIBundle({
  url: 'api/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  // A token is worth an hour and is gone with the tab.
  persistAuthorization: false,
  // Nobody else is asked what the document is worth.
  validatorUrl: null,
});
