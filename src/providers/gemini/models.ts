/** What Google's Live models do differently; facts of Google's model pages and of what their servers were seen to accept. */
export interface ModelFacts {
  /** How a typed message has to be sent to be answered. 3.x: as realtime input; 2.5: as a turn that is complete. */
  readonly typedText: 'realtime' | 'turn';
  /** Turns of an earlier connection are taken at any time. 3.1 takes them only where the setup announced them. */
  readonly seedsTurns: boolean;
  /** How much it thinks is set by a number of tokens, by a level, by a level that must be there, or not at all. */
  readonly thinking: 'budget' | 'level' | 'requiredLevel' | 'none';
  /** Whether it can go on talking while a tool runs; `byDefault`: unless the declaration forbids it. */
  readonly asyncTools: 'never' | 'onRequest' | 'byDefault' | 'always';
  /** 2.5 takes `parametersJsonSchema` without an error and calls the function with no arguments. */
  readonly parameters: 'openapi' | 'jsonSchema';
  /** Google Search and functions of ours in one session. */
  readonly searchBesideTools: boolean;
  /** The languages to listen for, and words that are likely to occur. */
  readonly transcriptionHints: boolean;
}

const native25: ModelFacts = {
  typedText: 'turn',
  seedsTurns: true,
  thinking: 'budget',
  asyncTools: 'onRequest',
  parameters: 'openapi',
  searchBesideTools: false,
  transcriptionHints: false,
};

const live31: ModelFacts = {
  typedText: 'realtime',
  seedsTurns: false,
  thinking: 'level',
  asyncTools: 'never',
  parameters: 'jsonSchema',
  searchBesideTools: true,
  transcriptionHints: false,
};

const live38: ModelFacts = {
  typedText: 'realtime',
  seedsTurns: true,
  thinking: 'none',
  asyncTools: 'byDefault',
  parameters: 'jsonSchema',
  searchBesideTools: true,
  transcriptionHints: true,
};

const extendedThinking: ModelFacts = { ...live38, thinking: 'requiredLevel', asyncTools: 'always' };

/** Names nobody knows yet are taken for the newest generation. */
export function factsOf(model: string): ModelFacts {
  if (/(^|\D)2\.[05](\D|$)/.test(model)) return native25;
  if (/(^|\D)3\.1(\D|$)/.test(model)) return live31;
  return /extended-thinking/.test(model) ? extendedThinking : live38;
}

/** Google's names for its voices, in Google's order. Every model has them all, and new ones appear. */
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
