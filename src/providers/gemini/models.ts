/** How Google's Live models differ, from Google's model pages and from observing what its servers accept. */
export interface ModelFacts {
  /** How a typed message must be sent to be answered. 3.x: as realtime input; 2.5: as a complete turn. */
  readonly typedText: 'realtime' | 'turn';
  /** Accepts turns of an earlier connection at any time. 3.1 accepts them only if the setup announced them. */
  readonly seedsTurns: boolean;
  /** Thinking is set as a number of tokens, as a level, as a mandatory level, or not at all. */
  readonly thinking: 'budget' | 'level' | 'requiredLevel' | 'none';
  /** Whether it can continue talking while a tool runs; `byDefault`: unless the declaration forbids it. */
  readonly asyncTools: 'never' | 'onRequest' | 'byDefault' | 'always';
  /**
   * How to describe objects with arbitrary keys; everything else fits into `parameters`, which all models take. 2.5
   * accepts `parametersJsonSchema`, but then calls the function without arguments.
   */
  readonly mapParameters: 'openapi' | 'jsonSchema';
  /** Google Search and our functions can be used in one session. */
  readonly searchBesideTools: boolean;
  /** Transcription takes languages and keywords. */
  readonly transcriptionHints: boolean;
}

const native25: ModelFacts = {
  typedText: 'turn',
  seedsTurns: true,
  thinking: 'budget',
  asyncTools: 'onRequest',
  mapParameters: 'openapi',
  searchBesideTools: false,
  transcriptionHints: false,
};

const live31: ModelFacts = {
  typedText: 'realtime',
  seedsTurns: false,
  thinking: 'level',
  asyncTools: 'never',
  mapParameters: 'jsonSchema',
  searchBesideTools: true,
  transcriptionHints: false,
};

const live38: ModelFacts = {
  typedText: 'realtime',
  seedsTurns: true,
  thinking: 'none',
  asyncTools: 'byDefault',
  mapParameters: 'jsonSchema',
  searchBesideTools: true,
  transcriptionHints: true,
};

const extendedThinking: ModelFacts = { ...live38, thinking: 'requiredLevel', asyncTools: 'always' };

/** Unknown models count as the newest generation. */
export function factsOf(model: string): ModelFacts {
  if (/(^|\D)2\.[05](\D|$)/.test(model)) return native25;
  if (/(^|\D)3\.1(\D|$)/.test(model)) return live31;
  return /extended-thinking/.test(model) ? extendedThinking : live38;
}

/** Google's voices, in Google's order. Every model has all of them, and new ones are added over time. */
export const voices: readonly string[] = [
  'Zephyr',
  'Puck',
  'Charon',
  'Kore',
  'Fenrir',
  'Leda',
  'Orus',
  'Aoede',
  'Callirrhoe',
  'Autonoe',
  'Enceladus',
  'Iapetus',
  'Umbriel',
  'Algieba',
  'Despina',
  'Erinome',
  'Algenib',
  'Rasalgethi',
  'Laomedeia',
  'Achernar',
  'Alnilam',
  'Schedar',
  'Gacrux',
  'Pulcherrima',
  'Achird',
  'Zubenelgenubi',
  'Vindemiatrix',
  'Sadachbia',
  'Sadaltager',
  'Sulafat',
];
