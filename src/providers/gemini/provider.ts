import type { Profile } from '../../contract/profile.js';
import { geminiEntry } from '../catalog.js';
import type { Provider } from '../provider.js';
import { createGeminiCodec } from './codec.js';
import { outputRateHz } from './decode/reply-sound.js';
import { inputRateHz } from './encode/encode.js';
import { endpoint } from './endpoint.js';
import { explainClose, explainRefusal } from './explain.js';
import { factsOf, voices } from './models.js';
import { notes } from './notes.js';

/** Google's Gemini Live API: the public one with a key, and Vertex AI with `--url` and an access token. */
export const gemini: Provider = {
  ...geminiEntry,
  profile,
  notes,
  endpoint,
  codec: createGeminiCodec,
  explainClose,
  explainRefusal,
};

function profile(model: string): Profile {
  const { thinking, seedsTurns, asyncTools } = factsOf(model);
  return {
    provider: geminiEntry.id,
    model,
    inputRateHz,
    outputRateHz,
    turns: 'server',
    tellsSpeech: false,
    turnChoices: ['interruptResponse'],
    clientTurns: true,
    speaksFirst: 'client',
    settingsChange: 'never',
    settings: [
      'instructions',
      'voice',
      'modality',
      'tools',
      'serverTools',
      'toolChoice',
      'turnDetection',
      'transcription',
      'maxOutputTokens',
      ...(thinking === 'none' ? [] : (['reasoningEffort'] as const)),
      'temperature',
      'contextTruncation',
    ],
    truncation: 'server',
    interruptsItself: true,
    tools: true,
    parallelTools: true,
    serverTools: ['web_search'],
    images: {
      mimes: ['image/jpeg', 'image/png'],
      maxBytes: null,
      maxWidth: null,
      maxHeight: null,
      // Images are treated as video frames: the model ignores those that come faster.
      everyS: 1,
      afterAudio: false,
    },
    typedText: true,
    deletesItems: false,
    userTranscripts: 'append',
    cancelAnswersDone: false,
    // It answers without being asked, and confirms nothing.
    createAfterCommit: 'sent',
    createAfterTool: false,
    ...(asyncTools === 'never' ? {} : { toolsRunBeside: asyncTools === 'always' ? 'always' : 'onRequest' }),
    acknowledgesItems: false,
    resume: 'handle',
    replay: seedsTurns ? 'items' : 'none',
    // The context window slides, so only connections end: after about ten minutes, with an announcement.
    sessionLimitS: null,
    idleLimitS: null,
    // Pongs were seen to take half a minute, so a ping timeout would cut healthy connections.
    pingEveryS: null,
    keepAliveS: null,
    usage: 'delta',
    voices,
  };
}
