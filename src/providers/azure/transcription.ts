import { isObject, type JsonObject } from '../../base/json.js';
import type { ModelEvent } from '../../contract/events.js';
import type { ErrorMeanings } from '../compatible/error-meaning.js';

/** Azure's error codes, in addition to OpenAI's. */
export const azureErrors: ErrorMeanings = new Map([
  [
    'DeploymentNotFound',
    {
      fatal: false,
      cause: 'model',
      hint: 'Models are named by their deployments here. A new deployment needs some minutes to appear.',
    },
  ],
  [
    'content_filter',
    { fatal: false, cause: undefined, hint: 'The content filter of the deployment stepped in.' },
  ],
]);

/** Without a deployment for transcription the turn continues, but has no transcript of the user. */
export function explainTranscription(events: ModelEvent[], frame: JsonObject): ModelEvent[] {
  const { error } = frame;
  if (!isObject(error) || error.code !== 'DeploymentNotFound') return events;
  return events.map((event) => {
    return event.type === 'user.transcript.failed' ? { ...event, message: noDeployment } : event;
  });
}

const noDeployment =
  'Your speech cannot be transcribed: transcription.model must be the name of a deployment of a transcription model ' +
  '(not batch Whisper) in the same Azure resource.';
