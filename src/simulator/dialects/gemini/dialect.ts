import type { Dialect, Upgrade, Verdict } from '../../wire/dialect.js';
import { authorization, header, isKey } from '../shared/credentials.js';
import { GeminiConnection } from './connection.js';
import { SessionHandles } from './session-handles.js';
import type { ApiVersion } from './setup-schema.js';

const service = 'google.ai.generativelanguage';
/** `@google/genai` writes two slashes at the beginning; the real server takes both. */
const paths =
  /^\/+ws\/google\.ai\.generativelanguage\.(v1|v1beta|v1alpha)\.GenerativeService\.BidiGenerateContent(Constrained)?$/;
/** About ten minutes, with notice. */
const defaultConnectionLimitS = 600;

export interface GeminiDialectOptions {
  readonly connectionLimitS?: number | undefined;
}

/** The Live API of the Gemini Developer API. */
export function geminiDialect({
  connectionLimitS = defaultConnectionLimitS,
}: GeminiDialectOptions = {}): Dialect {
  const handles = new SessionHandles();
  return {
    id: 'gemini',
    title: 'the Gemini Live API',
    path: `/ws/${service}.v1beta.GenerativeService.BidiGenerateContent`,
    keyHeader: 'x-goog-api-key: …, or ?key=…',
    judge: (upgrade) => {
      const version = versionOf(upgrade.url.pathname);
      if (version === undefined) return notFound(upgrade.url);
      return (
        checkKey(upgrade) ?? {
          kind: 'accepted',
          model: upgrade.model ?? 'gemini',
          interpreter: (connection) =>
            new GeminiConnection(connection, {
              version,
              handles,
              extraModel: upgrade.model,
              connectionLimitS,
            }),
        }
      );
    },
  };
}

function versionOf(path: string): ApiVersion | undefined {
  const [, version] = paths.exec(path) ?? [];
  return version === 'v1' || version === 'v1beta' || version === 'v1alpha' ? version : undefined;
}

/** Keys are checked inside the connection: it opens, and its close frame says why it is refused. */
function checkKey(upgrade: Upgrade): Verdict | undefined {
  if (upgrade.token === null) return undefined;
  const key = keyOf(upgrade);
  if (key === undefined) {
    return dismissed(
      1008,
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    );
  }
  return isKey(key, upgrade.token)
    ? undefined
    : dismissed(1007, 'API key not valid. Please pass a valid API key.');
}

/** An API key, or an ephemeral token where only those are taken. */
function keyOf(upgrade: Upgrade): string | undefined {
  const { url } = upgrade;
  const parameter = (name: string): string | undefined => url.searchParams.get(name) || undefined;
  if (url.pathname.endsWith('Constrained')) {
    return parameter('access_token') ?? authorization(upgrade, 'Token');
  }
  return header(upgrade, 'x-goog-api-key') ?? parameter('key') ?? authorization(upgrade, 'Bearer');
}

function dismissed(code: number, reason: string): Verdict {
  return { kind: 'dismissed', frames: [], code, reason };
}

function notFound(url: URL): Verdict {
  const message = `The requested URL ${url.pathname.slice(0, 200)} was not found on this server.`;
  return {
    kind: 'refused',
    status: 404,
    code: 'not_found',
    body: JSON.stringify({ error: { code: 404, message, status: 'NOT_FOUND' } }),
  };
}
