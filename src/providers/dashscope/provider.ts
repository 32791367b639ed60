import { dashscopeEntry } from '../catalog.js';
import { createCompatibleCodec } from '../compatible/codec.js';
import { betaDialect, type Switches } from '../compatible/switches.js';
import type { Provider } from '../provider.js';
import { endpoint } from './endpoint.js';
import { errorCodes } from './errors.js';
import { explainClose, explainRefusal } from './explain.js';
import { familyOf } from './families.js';
import { notes } from './notes.js';
import { inputRateHz, outputRateHz, profile, supportedSettings } from './profile.js';
import { dashscopeQuirks } from './quirks.js';

/** Alibaba Cloud's Qwen-Omni and Qwen-Audio models: the beta dialect with peculiarities. */
export const dashscope: Provider = {
  ...dashscopeEntry,
  profile,
  notes,
  endpoint,
  codec: ({ model }) => createCompatibleCodec(switches(model)),
  explainClose,
  explainRefusal,
};

function switches(model: string): Switches {
  const family = familyOf(model);
  return {
    ...betaDialect,
    inputRateHz,
    outputRateHz,
    settings: supportedSettings(family),
    // Web search is a field of the session instead.
    serverTools: [],
    transcriptionModel: family.transcriptionModel,
    transcriptionModelFixed: true,
    format: { kind: 'word', input: family.format, output: family.format },
    turnsSayWhatFollows: false,
    toolNesting: 'nested',
    maxTokensKey: 'max_tokens',
    errors: errorCodes,
    quirks: () => dashscopeQuirks(model, family),
  };
}
