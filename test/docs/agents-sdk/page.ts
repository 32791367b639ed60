import { events, jsEvents } from './event-rows.js';
import { agent, clientMessage, jsOptions, methods, userMessage, userText } from './method-rows.js';
import type { Row, SettingRow } from './rows.js';
import { formats, guardrails, modelConfig, runConfig } from './session-rows.js';
import { modelSettings, noiseReduction, tracing, transcription, turnDetection } from './setting-rows.js';
import { providers, type Verdict, verdictOf } from './verdict.js';

interface Table<R> {
  readonly title: string;
  readonly intro?: string;
  readonly rows: Readonly<Record<string, R>>;
}

/** Tables about settings: every provider is asked what becomes of them. */
export const settingTables: readonly Table<SettingRow>[] = [
  { title: 'Model settings', intro: '`RealtimeSessionModelSettings`', rows: modelSettings },
  { title: 'Transcription', intro: '`RealtimeInputAudioTranscriptionConfig`', rows: transcription },
  { title: 'Noise reduction', intro: '`RealtimeInputAudioNoiseReductionConfig`', rows: noiseReduction },
  {
    title: 'Turn detection',
    intro: '`RealtimeTurnDetectionConfig`; here all in `settings.turnDetection`',
    rows: turnDetection,
  },
  { title: 'Tracing at the provider', intro: '`RealtimeModelTracingConfig`', rows: tracing },
];

/** All the others, by where they stand on the page. */
export const tables = {
  start: [
    { title: 'Agents, tools and handoffs', intro: '`RealtimeAgent` and what belongs to it', rows: agent },
    { title: 'Session', intro: '`RealtimeRunner`, `RealtimeSession`', rows: methods },
    { title: 'Run config', intro: '`RealtimeRunConfig`', rows: runConfig },
  ],
  between: [
    {
      title: 'Model, formats and handoffs',
      intro: 'The other keys of `RealtimeSessionModelSettings`',
      rows: formats,
    },
    { title: 'Guardrails', intro: '`RealtimeGuardrailsSettings`', rows: guardrails },
    {
      title: 'Connection',
      intro: '`RealtimeModelConfig`, and the options of its transport',
      rows: modelConfig,
    },
  ],
  end: [
    { title: 'User input: text', intro: '`RealtimeUserInputText`', rows: userText },
    { title: 'User input: message', intro: '`RealtimeUserInputMessage`', rows: userMessage },
    { title: 'Raw messages', intro: '`RealtimeClientMessage`', rows: clientMessage },
    { title: 'Session events', intro: '`RealtimeSessionEvent` of the Python SDK', rows: events },
    {
      title: 'Session events of the JavaScript SDK',
      intro: 'Those with other names than in Python',
      rows: jsEvents,
    },
    {
      title: 'Options of the JavaScript SDK',
      intro: 'Those with other names than in Python',
      rows: jsOptions,
    },
  ],
} satisfies Record<string, readonly Table<Row>[]>;

const opening = `# How do I move from the Agents SDK?

This page is for voice agents written with OpenAI's Agents SDK, in Python or JavaScript. It lists every key, event and
method of its realtime part, and what it is called in voxterm. Agents, tools, guardrails and handoffs work with every
provider, not only with OpenAI.

\`\`\`ts
import * as voxterm from 'voxterm';

const billing = voxterm.defineAgent({
  name: 'billing',
  handoffDescription: 'Questions about bills and payments',
  instructions: 'You help with bills. Be brief.',
});
const desk = voxterm.defineAgent({ name: 'desk', instructions: 'You answer the phone.', handoffs: [billing] });

const session = await voxterm.connect({ provider: 'openai', agent: desk, sound: 'devices' });
for await (const event of session) {
  if (event.type === 'agent.handoff') console.log(\`\${event.from} → \${event.to}\`);
}
\`\`\`

What differs on purpose:

- **What was heard counts.** An interrupted answer is cut off at the sample that the speaker had reached, here and in
  the model's memory. The SDK uses the time since the audio arrived, unless you give it a tracker.
- **A setting is never lost silently.** voxterm does not send a provider settings that it does not support, and tells
  you before the first word. The tables show which providers these are; they are generated from the providers' code, so
  they are up to date.
- **Guardrails also see short answers.** They run as the words arrive, and once more at the end of every item. When one
  trips, what was not heard yet is never played, and the model is told why.
- **voxterm can detect turns.** \`turnDetection: { type: 'client' }\` uses its own detector, with any provider.
- **The voice.** If a provider fixes the voice once it has spoken, the next agent keeps it, and a warning says so; on a
  new connection the agent's own voice is used.
- **Connections end.** voxterm replaces a lost connection, and the conversation continues; see [talk](talk.md).

"All" are ${providers.map(({ provider }) => provider.id).join(', ')}, each with its default model.
\`volcengine\` does not detect turns, so voxterm does. In the [configuration](configuration.md) the keys of \`settings\` stand
at the top level (\`turnDetection\` is \`turns\`), and those of \`providerOptions\` under \`providers.ID\`.
`;

/** docs/agents-sdk.md, as the rows have it. */
export function writtenPage(): string {
  const plain = (some: readonly Table<Row>[]): string => some.map(plainTable).join('\n');
  return [
    opening,
    plain(tables.start),
    settingTables.map(settingTable).join('\n'),
    plain(tables.between),
    plain(tables.end),
    closing,
  ].join('\n');
}

function plainTable({ title, intro, rows }: Table<Row>): string {
  return section(title, intro, ['Agents SDK', 'voxterm', ''], Object.entries(rows), ([key, row]) => [
    `\`${key}\``,
    row.ours,
    row.note ?? '',
  ]);
}

function settingTable({ title, intro, rows }: Table<SettingRow>): string {
  const head = ['Agents SDK', 'voxterm', 'honoured by', 'ignored, with a warning, by', ''];
  return section(title, intro, head, Object.entries(rows), ([key, row]) => [
    `\`${key}\``,
    row.ours,
    who(row, 'honoured'),
    who(row, 'ignored'),
    row.note ?? '',
  ]);
}

function who({ asks, besides }: SettingRow, verdict: Verdict): string {
  const ids = providers
    .filter((provider) => verdictOf(provider, asks, besides) === verdict)
    .map(({ provider }) => provider.id);
  if (ids.length === 0) return '';
  return ids.length === providers.length ? 'all' : ids.join(', ');
}

function section<T>(
  title: string,
  intro: string | undefined,
  head: readonly string[],
  entries: readonly T[],
  cells: (entry: T) => readonly string[],
): string {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  return [
    `## ${title}`,
    '',
    ...(intro === undefined ? [] : [`${intro}.`, '']),
    line(head),
    line(head.map(() => '---')),
    ...entries.map((entry) => line(cells(entry).map((text) => text.replaceAll('|', '\\|')))),
    '',
  ].join('\n');
}

const closing = `## History

\`session.history\` holds the items in the order of the conversation, even if transcripts arrive late; an interrupted
answer contains only what was heard. \`session.updateHistory\` takes a list or a function, deletes and creates the
difference at the provider, and like the SDK cannot create function calls. \`connect({ history })\` starts with an earlier
conversation, and \`historyLimit\` limits how much of a long conversation the model keeps.

## Telephone calls

\`voxterm attach CALL_ID\` joins a call that was accepted by OpenAI's Realtime Calls API, with the same agents, tools and
guardrails. The audio stays with the call, so voxterm sends and plays nothing, and a hang-up ends the session.
`;
