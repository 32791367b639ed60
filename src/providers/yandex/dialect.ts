import type { Profile } from '../../contract/profile.js';
import { gaDialect, type Switches } from '../compatible/switches.js';
import type { ConnectionSettings } from '../provider.js';
import type { VendorOptions } from '../vendor-options.js';
import { yandexQuirks } from './quirks.js';
import { searches } from './server-searches.js';

export const supportedSettings: Profile['settings'] = [
  'instructions',
  'voice',
  'modality',
  'tools',
  'serverTools',
  'toolChoice',
  'turnDetection',
  'transcription',
  'prompt',
];

/** The server accepts 24,000 and 44,100 Hz. */
export const inputRateHz = 24_000;

export function outputRateOf(options: VendorOptions | undefined): number {
  return options?.outputRateHz ?? 24_000;
}

/** OpenAI's dialect with names of both generations and peculiarities. */
export function yandexDialect(connection: ConnectionSettings): Switches {
  const outputRateHz = outputRateOf(connection.options);
  return {
    ...gaDialect,
    inputRateHz,
    outputRateHz,
    settings: supportedSettings,
    serverTools: searches,
    createAfterServerTool: false,
    // The transcript always comes; there is no field for it.
    transcriptionModel: null,
    transcriptionModelFixed: true,
    // None of the vendor's examples contains the type.
    sessionType: false,
    modalities: {
      key: 'output_modalities',
      audio: connection.options?.legacy ? ['text', 'audio'] : ['audio'],
    },
    customVoices: false,
    turnsSayWhatFollows: false,
    responseMetadata: false,
    textIsSpoken: true,
    repeatsTranscripts: true,
    quirks: () => yandexQuirks(connection, outputRateHz),
  };
}
