/** What a family of Qwen's conversation models supports. */
export interface Family {
  readonly tools: boolean;
  /** Turn detection by name; switched off is always possible. */
  readonly turns: readonly string[];
  /** `ignored`: accepted and never used. */
  readonly images: 'seen' | 'ignored';
  /** Whether clients may add messages: of `both` sides, of the user only, or none. */
  readonly messages: 'none' | 'user' | 'both';
  readonly deletesItems: boolean;
  /** Turns that the client commits are transcribed too. */
  readonly manualTranscripts: boolean;
  readonly transcriptionModel: string;
  readonly voice: string;
  readonly knowsVoice: (name: string) => boolean;
  readonly defaults: { readonly temperature: number; readonly top_p: number; readonly top_k: number };
}

/** Of the first generation, which later ones kept. */
const voices = [
  'Cherry',
  'Serena',
  'Ethan',
  'Chelsie',
  'Nofish',
  'Jennifer',
  'Ryan',
  'Katerina',
  'Elias',
  'Jada',
  'Dylan',
  'Sunny',
  'Li',
  'Marcus',
  'Roy',
  'Peter',
  'Rocky',
  'Kiki',
  'Eric',
];

const flash: Family = {
  tools: false,
  turns: ['server_vad'],
  images: 'seen',
  messages: 'none',
  deletesItems: false,
  manualTranscripts: false,
  transcriptionModel: 'gummy-realtime-v1',
  voice: 'Cherry',
  knowsVoice: (name) => voices.includes(name),
  defaults: { temperature: 0.9, top_p: 1, top_k: 50 },
};

const turbo: Family = {
  ...flash,
  manualTranscripts: true,
  voice: 'Chelsie',
  knowsVoice: (name) => voices.slice(0, 4).includes(name),
  defaults: { temperature: 1, top_p: 0.01, top_k: 20 },
};

const current: Family = {
  ...flash,
  tools: true,
  turns: ['server_vad', 'semantic_vad'],
  messages: 'user',
  manualTranscripts: true,
  transcriptionModel: 'qwen3-asr-flash-realtime',
  voice: 'Tina',
  knowsVoice: (name) => name === 'Tina' || voices.includes(name),
};

/** A sibling without vision. */
const audio: Family = {
  ...current,
  turns: ['server_vad', 'smart_turn'],
  images: 'ignored',
  messages: 'both',
  deletesItems: true,
  voice: 'longanyang',
  knowsVoice: (name) => name.startsWith('longan'),
};

const families: readonly (readonly [RegExp, Family])[] = [
  [/^qwen3-omni-flash-realtime/, flash],
  [/^qwen-omni-turbo-realtime/, turbo],
  [/^qwen3\.\d+-omni-(flash|plus)-realtime/, current],
  [/^qwen-audio-3\.\d+-realtime/, audio],
];

/** Undefined for an unknown model. */
export function familyOf(model: string): Family | undefined {
  return families.find(([pattern]) => pattern.test(model))?.[1];
}
