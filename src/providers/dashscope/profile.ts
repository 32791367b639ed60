import type { Profile } from '../../contract/profile.js';
import type { SettingName } from '../../contract/settings.js';
import { dashscopeEntry } from '../catalog.js';
import { type Family, familyOf } from './families.js';

/** The rates that the service really uses; its older documentation says otherwise. */
export const inputRateHz = 16_000;
export const outputRateHz = 24_000;

/** The server accepts at most 256 KB of base64 per image. */
const largestImageBytes = 190_000;

const images: Profile['images'] = {
  mimes: ['image/jpeg'],
  maxBytes: largestImageBytes,
  maxWidth: 1920,
  maxHeight: 1080,
  everyS: 1,
  afterAudio: true,
};

export function profile(model: string): Profile {
  const family = familyOf(model);
  return {
    provider: dashscopeEntry.id,
    model,
    inputRateHz,
    outputRateHz,
    turns: 'server',
    clientTurns: true,
    speaksFirst: 'server',
    settingsChange: 'anytime',
    voiceChange: 'beforeAudio',
    settings: supportedSettings(family),
    truncation: 'none',
    interruptsItself: true,
    tools: family.tools,
    // Two calls in one response have never been observed.
    parallelTools: false,
    serverTools: family.search ? ['web_search'] : [],
    images: family.images ? images : null,
    typedText: family.typedText !== false,
    ...(family.typedText === 'experimental' && {
      typedTextNote: `Typed messages are not documented for ${model}, but have been seen to work.`,
    }),
    deletesItems: family.keepsItems,
    userTranscripts: 'append',
    // Measured: nothing follows a cancel.
    cancelAnswersDone: false,
    createAfterTool: true,
    // Not documented for items that we create.
    acknowledgesItems: false,
    resume: 'none',
    replay: family.keepsItems ? 'items' : 'none',
    sessionLimitS: 7200,
    // 180 s according to one page, 300 s according to another. Pings do not count.
    idleLimitS: 180,
    pingEveryS: 15,
    keepAliveS: 60,
    usage: 'delta',
    voices: family.voices,
  };
}

export function supportedSettings(family: Family): readonly SettingName[] {
  return [
    'instructions',
    'voice',
    'modality',
    'turnDetection',
    'transcription',
    ...(family.tools ? (['tools'] as const) : []),
    ...(family.search ? (['serverTools'] as const) : []),
    ...(family.sampling ? (['maxOutputTokens', 'temperature'] as const) : []),
  ];
}
