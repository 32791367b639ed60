import type { Profile } from '../../contract/profile.js';
import { betaDialect, type Switches } from '../compatible/switches.js';
import type { ConnectionSettings } from '../provider.js';
import { volcengineQuirks } from './quirks.js';

export const rateHz = 16_000;

/** A bot has its own instructions and tools; ours are ignored. */
export function supportedSettings(withBot: boolean): Profile['settings'] {
  return withBot
    ? ['voice', 'temperature', 'maxOutputTokens', 'transcription']
    : ['instructions', 'voice', 'tools', 'toolChoice', 'temperature', 'maxOutputTokens', 'transcription'];
}

/** The beta dialect, reduced to spoken turns that the client ends, with functions. */
export function volcengineDialect(connection: ConnectionSettings): Switches {
  return {
    ...betaDialect,
    inputRateHz: rateHz,
    outputRateHz: rateHz,
    settings: supportedSettings(connection.options?.bot !== undefined),
    // Any value switches transcription on; the gateway chooses the model.
    transcriptionModel: 'any',
    transcriptionModelFixed: true,
    quirks: () => volcengineQuirks(connection),
  };
}
