/** What the models of one family have in common, as far as it differs from another family. */
export interface Family {
  /** Function calling. Where it is missing, the server drops the declarations without a word. */
  readonly tools: boolean;
  /** Looking things up on the web; excludes our own tools. */
  readonly search: boolean;
  readonly images: boolean;
  /** What a turn detection that follows the meaning is called; null = there is none. */
  readonly semanticTurns: 'semantic_vad' | 'smart_turn' | null;
  /** `idle_timeout_ms`: the model speaks up after a silence. */
  readonly idleTimeout: boolean;
  /** The documented defaults of voice activity detection, said aloud; null = left to the server. */
  readonly detection: { readonly threshold: number; readonly silenceMs: number } | null;
  /** Messages in writing; `experimental`: undocumented, and only seen to work. */
  readonly typedText: boolean | 'experimental';
  /** Items can be deleted, and a new connection can be given the earlier ones. */
  readonly keepsItems: boolean;
  /** `temperature` and `max_tokens` may be chosen. */
  readonly sampling: boolean;
  /** The model that writes down what the user says; null = always on, and not to be configured. */
  readonly transcriptionModel: string | null;
  /** Turns that are ended by hand get no transcript. */
  readonly transcribesManualTurns: boolean;
  /** How PCM16 is called. */
  readonly format: 'pcm' | 'pcm16';
  /** Served on the host of a workspace only. */
  readonly needsWorkspace: boolean;
  /** Voices by name, the default first. */
  readonly voices: readonly string[];
}

const omni: Family = {
  tools: true,
  search: true,
  images: true,
  semanticTurns: 'semantic_vad',
  idleTimeout: true,
  detection: { threshold: 0.5, silenceMs: 800 },
  typedText: 'experimental',
  keepsItems: false,
  sampling: true,
  transcriptionModel: 'qwen3-asr-flash-realtime',
  transcribesManualTurns: true,
  format: 'pcm',
  needsWorkspace: false,
  voices: [
    'Tina, Cindy, Liora Mira, Sunnybobi, Raymond, Ethan, Theo Calm, Serena, Harvey, Maia, Evan, Qiao, Momo, Wil',
    'Angel, Li Cassian, Mia, Joyner, Gold, Katerina, Ryan, Jennifer, Aiden, Mione, Sunny, Dylan, Eric, Peter',
    'Joseph Chen, Marcus, Li, Kiki, Rocky, Sohee, Lenn, Ono Anna, Sonrisa, Bodega, Emilien, Andre, Radio Gol',
    'Alek, Rizky, Roya, Arda, Hana, Dolce, Jakub, Griet, Eliška, Marina, Siiri, Ingrid, Sigga, Bea, Chloe',
  ].flatMap((line) => line.split(', ')),
};

/** The generation that hears and sees, but calls no functions. */
const earlierOmni: Family = {
  ...omni,
  tools: false,
  search: false,
  semanticTurns: null,
  idleTimeout: false,
  typedText: false,
};

/** The first family whose pattern fits; a model nobody knows yet is taken for the newest. */
const families: readonly (readonly [RegExp, Family])[] = [
  [
    /^qwen3-omni-flash-realtime/,
    {
      ...earlierOmni,
      transcribesManualTurns: false,
      voices: [
        'Cherry, Ethan, Nofish, Jennifer, Ryan, Katerina, Elias, Jada, Dylan, Sunny, Li, Marcus, Roy, Peter',
        'Rocky, Kiki, Eric',
      ].flatMap((line) => line.split(', ')),
    },
  ],
  [
    /^qwen-omni-turbo-realtime/,
    {
      ...earlierOmni,
      sampling: false,
      transcriptionModel: 'gummy-realtime-v1',
      format: 'pcm16',
      voices: ['Chelsie', 'Cherry', 'Serena', 'Ethan'],
    },
  ],
  [
    /^qwen-audio-/,
    {
      ...omni,
      search: false,
      images: false,
      semanticTurns: 'smart_turn',
      idleTimeout: false,
      detection: null,
      typedText: true,
      keepsItems: true,
      sampling: false,
      transcriptionModel: null,
      voices: ['longanqian', 'longanlingxin', 'longanlingxi', 'longanxiaoxin', 'longanlufeng'],
    },
  ],
  // A generation of voices of its own, of which only the default is documented here.
  [
    /^qwen3\.8-omni-flash-realtime/,
    { ...omni, needsWorkspace: true, transcribesManualTurns: false, voices: ['Tina'] },
  ],
  [/-flash-/, { ...omni, transcribesManualTurns: false }],
];

export function familyOf(model: string): Family {
  const found = families.find(([pattern]) => pattern.test(model));
  return found === undefined ? omni : found[1];
}
