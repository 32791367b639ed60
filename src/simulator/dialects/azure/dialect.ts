import type { ServerEvent } from '../../core/server-event.js';
import type { Connection, Dialect, Interpreter, Upgrade, Verdict } from '../../wire/dialect.js';
import type { DialectOptions } from '../../wire/dialect-options.js';
import { betaInterpreter } from '../beta/dialect.js';
import { openaiInterpreter } from '../openai/dialect.js';
import { authorization, header, isKey } from '../shared/credentials.js';
import { jsonFrames } from '../shared/json-frames.js';
import { sessionOf } from '../shared/session-events.js';

/** Azure OpenAI: OpenAI's dialect at another address, where models are named by their deployments. */
export function azureDialect({ deployments = [] }: DialectOptions): Dialect {
  const isDeployed = (name: string): boolean => deployments.includes(name) || usual.test(name);
  return {
    id: 'azure',
    title: 'Azure OpenAI’s realtime server',
    path: '/openai/v1/realtime',
    keyHeader: 'api-key: …',
    judge: (upgrade) => judge(upgrade, isDeployed),
  };
}

/** Deployments of the simulated resource. Without whisper, which is not accepted for transcription. */
const usual = /^(gpt-realtime|gpt-4o-(mini-)?realtime|gpt-4o-(mini-)?transcribe|gpt-4o-transcribe-diarize)/;

function judge(upgrade: Upgrade, isDeployed: (name: string) => boolean): Verdict {
  const { url, token } = upgrade;
  const current = /^\/openai\/v1\/realtime\/?$/.test(url.pathname);
  const preview = /^\/openai\/realtime\/?$/.test(url.pathname);
  if (!current && !preview) return refused(404, '404', 'Resource not found');
  if (token !== null && !hasKey(upgrade, token)) return accessDenied;
  const version = url.searchParams.get('api-version');
  // Reported: with a version the new address answers as if the key were wrong; the old one needs it.
  if (current && version !== null) return accessDenied;
  if (preview && version === null) return refused(404, '404', 'Resource not found');
  const name = url.searchParams.get(current ? 'model' : 'deployment') || (upgrade.model ?? '');
  if (!isDeployed(name)) return refused(404, deploymentNotFound, noDeployment);
  return {
    kind: 'accepted',
    model: name,
    interpreter: (connection) =>
      preview ? previewInterpreter(connection, version ?? '') : interpreter(connection, isDeployed),
  };
}

function hasKey(upgrade: Upgrade, token: string): boolean {
  const given = [
    header(upgrade, 'api-key'),
    authorization(upgrade, 'Bearer'),
    upgrade.url.searchParams.get('api-key') ?? undefined,
  ].find((key) => key !== undefined);
  return given !== undefined && isKey(given, token);
}

function refused(status: number, code: string, message: string): Verdict {
  return { kind: 'refused', status, code, body: JSON.stringify({ error: { code, message } }) };
}

const accessDenied = refused(
  401,
  '401',
  'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
);
const deploymentNotFound = 'DeploymentNotFound';
const noDeployment =
  'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.';

const transcription = 'conversation.item.input_audio_transcription.';

/** The versions of 2024 sent no transcript deltas, and their clients fail on unknown events. */
function previewInterpreter(connection: Connection, version: string): Interpreter {
  const beta = betaInterpreter(connection);
  if (!version.startsWith('2024-')) return beta;
  return { ...beta, write: (event) => (event.type === `${transcription}delta` ? [] : beta.write(event)) };
}

/** A transcription model must be a deployment too; without one the turn goes on. */
function interpreter(connection: Connection, isDeployed: (name: string) => boolean): Interpreter {
  const { rules } = openaiInterpreter(connection);
  let model: string | undefined;
  const write = (event: ServerEvent): readonly ServerEvent[] => {
    const config = sessionOf(event);
    if (config !== undefined) model = config.audio.input.transcription?.model;
    if (!event.type.startsWith(transcription) || model === undefined || isDeployed(model)) return [event];
    if (event.type === `${transcription}delta`) return [];
    const { item_id, content_index } = event;
    const error = {
      type: 'invalid_request_error',
      code: deploymentNotFound,
      message: noDeployment,
      param: null,
    };
    return [{ type: `${transcription}failed`, item_id, content_index, error }];
  };
  return { rules, ...jsonFrames(connection.newId, { read: (request) => [request], write }) };
}
