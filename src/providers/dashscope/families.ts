/** What the models of a family have in common and other families do differently. */
export interface Family {
  /** Function calling. Without it, the server silently drops the declarations. */
  readonly tools: boolean;
  /** Web search; cannot be combined with our tools. */
  readonly search: boolean;
  readonly images: boolean;
  /** Type name of semantic turn detection; null = there is none. */
  readonly semanticTurns: 'semantic_vad' | 'smart_turn' | null;
  /** `idle_timeout_ms`: the model speaks by itself after a silence. */
  readonly idleTimeout: boolean;
  /** The documented defaults of voice activity detection, which are always sent; null = left to the server. */
  readonly detection: { readonly threshold: number; readonly silenceMs: number } | null;
  /** Text messages; `experimental`: undocumented, but seen to work. */
  readonly typedText: boolean | 'experimental';
  /** Items can be deleted, and earlier items can be replayed on a new connection. */
  readonly keepsItems: boolean;
  /** `temperature` and `max_tokens` can be set. */
  readonly sampling: boolean;
  /** The transcription model; null = always on and not configurable. */
  readonly transcriptionModel: string | null;
  /** Turns that the client ends are transcribed. */
  readonly transcribesManualTurns: boolean;
  /** The name of PCM16. */
  readonly format: 'pcm' | 'pcm16';
  /** Only available on the host of a workspace. */
  readonly needsWorkspace: boolean;
  /** Voice names, default first. */
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

/** The earlier generation: audio and images, but no function calling. */
const earlierOmni: Family = {
  ...omni,
  tools: false,
  search: false,
  semanticTurns: null,
  idleTimeout: false,
  typedText: false,
};

/** The first pattern that matches decides; an unknown model counts as the newest family. */
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
  // Has new voices, of which only the default is documented.
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
