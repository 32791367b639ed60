/** What voxterm speaks: the scenarios, and the revisions they are run with. */
export const spoken = {
  initialize: ['2025-06-18', '2025-11-25'],
  tools_call: ['2025-06-18', '2025-11-25', '2026-07-28'],
  'sse-retry': ['2025-11-25'],
  'request-metadata': ['2026-07-28'],
  'http-standard-headers': ['2026-07-28'],
  'http-custom-headers': ['2026-07-28'],
  'http-invalid-tool-headers': ['2026-07-28'],
  'json-schema-ref-no-deref': ['2026-07-28'],
  'json-schema-2020-12-preservation': ['2025-11-25', '2026-07-28'],
};

const oauth =
  'Signing in with OAuth needs a browser and a place to keep tokens. A token goes into "headers" of the server instead.';
const questions =
  'Servers cannot ask the user questions: in a conversation by voice there is no form to fill in. They are told so.';

/** What voxterm does not speak, and why. A pattern stands for all scenarios that begin with it. */
export const notSpoken = {
  'auth/*': oauth,
  'elicitation-sep1034-client-defaults': questions,
  'sep-2322-client-request-state': questions,
  'sep-2640-*':
    'Skills are an extension, and instructions from a server would change what the assistant does unasked.',
};
