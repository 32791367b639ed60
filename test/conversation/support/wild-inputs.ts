import fc from 'fast-check';
import { ExitCode } from '../../../src/contract/exit.js';
import type { Input } from '../../../src/contract/inputs.js';
import type { HistoryItem } from '../../../src/contract/items.js';
import type { SessionSettings } from '../../../src/contract/settings.js';
import type { ConversationOptions } from '../../../src/conversation/conversation.js';

/** Sound that says its length where a counterexample is printed, not every byte. */
function silence(bytes: number): Uint8Array {
  return Object.assign(new Uint8Array(bytes), { [fc.toStringMethod]: () => `silence(${bytes})` });
}

/** An input and the time that passes before it. */
export interface WildStep {
  readonly afterMs: number;
  readonly input: Input;
}

// Few ids, so that everything collides; one of each kind is a name that objects already have.
const responseId = fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8', '__proto__');
const itemId = fc.constantFrom('i1', 'i2', 'i3', 'constructor', 'vt_user_1');
const callId = fc.constantFrom('c1', 'c2', 'c3');
const contentIndex = fc.constantFrom(0, 1);
/** Ids as our own outbox counts them, so that servers quote them, rightly or not. */
const eventId = fc.option(
  fc
    .tuple(
      fc.constantFrom('create', 'settings', 'commit', 'cancel', 'truncate'),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([noun, count]) => `vt_${noun}_${count}`),
  { nil: undefined },
);
const text = fc.constantFrom('', 'so be it', 'one two three four five', '\ud800', 'ようこそ');
const audio = fc.constantFrom(1, 3, 4800, 48_000, 48_001).map(silence);
const samples = fc.constantFrom(1, 240, 2400, 23_999, 1e9, -5, 0.5, Number.NaN, Number.POSITIVE_INFINITY);
const afterMs = fc.constantFrom(0, 1, 20, 100, 700, 3000, 8000, 15_000, -50, Number.NaN);

const part = { itemId, contentIndex };
const item = fc.record({
  itemId,
  kind: fc.constantFrom('message', 'tool.call', 'tool.output', 'other'),
});
const spoken = fc.boolean();
const status = fc.constantFrom('completed', 'cancelled', 'failed', 'incomplete');
const parts = fc.array(fc.record({ ...part, samples }), { minLength: 1, maxLength: 6 });

const sound = fc.record({ type: fc.constant('audio.delta'), responseId, ...part, audio });
const responseEvent = fc.oneof(
  sound,
  sound,
  sound,
  sound,
  fc.record({ type: fc.constant('response.created'), responseId, createEventId: eventId }),
  fc.record({ type: fc.constant('response.done'), responseId, status, reason: fc.constant(undefined) }),
  fc.record({ type: fc.constant('output.item.added'), responseId, item }),
  fc.record({ type: fc.constant('output.item.done'), responseId, item }),
  fc.record({ type: fc.constant('audio.done'), responseId, ...part }),
  fc.record({ type: fc.constant('text.delta'), responseId, ...part, delta: text, spoken }),
  fc.record({ type: fc.constant('text.done'), responseId, ...part, text, spoken }),
  fc.record({ type: fc.constant('tool.delta'), responseId, itemId, callId, delta: text }),
  fc.record({ type: fc.constant('tool.called'), responseId, itemId, callId, name: text, arguments: text }),
);

const inputEvent = fc.oneof(
  fc.record({ type: fc.constant('speech.started'), itemId: fc.option(itemId, { nil: undefined }) }),
  fc.record({ type: fc.constant('speech.stopped'), itemId: fc.option(itemId, { nil: undefined }) }),
  fc.record({ type: fc.constant('input.committed'), itemId, previousItemId: fc.option(itemId) }),
  fc.record({ type: fc.constant('input.cleared') }),
  fc.record({ type: fc.constant('input.timeout') }),
  fc.record({ type: fc.constant('item.added'), item }),
  fc.record({ type: fc.constant('item.done'), item }),
  fc.record({ type: fc.constant('item.deleted'), itemId }),
  fc.record({ type: fc.constant('item.truncated'), ...part, audioEndMs: fc.constant(5) }),
  fc.record({ type: fc.constant('user.transcript.delta'), itemId, delta: text }),
  fc.record({ type: fc.constant('user.transcript.updated'), itemId, text }),
  fc.record({ type: fc.constant('user.transcript.done'), itemId, text }),
  fc.record({ type: fc.constant('user.transcript.failed'), itemId, message: text }),
);

const sessionEvent = fc.oneof(
  fc.record({ type: fc.constant('session.created'), sessionId: text }),
  fc.record({ type: fc.constant('session.updated') }),
  fc.record({ type: fc.constant('session.updated'), transcribes: fc.constant(false) }),
  fc.record({ type: fc.constant('tool.call.cancelled'), callIds: fc.array(callId, { maxLength: 2 }) }),
  fc.record({ type: fc.constant('interrupted') }),
  fc.record({ type: fc.constantFrom('server.tool.started', 'server.tool.done'), itemId }),
  fc.record({ type: fc.constant('going.away'), timeLeftMs: samples }),
  fc.record({ type: fc.constant('resume.handle'), handle: fc.constantFrom('handle', 'another') }),
  fc.record({ type: fc.constant('other'), name: text, raw: fc.constant(null) }),
  fc.constant({
    type: 'usage',
    usage: {
      input: { text: 1, audio: 0, image: 0, cached: 1 },
      output: { text: 0, audio: 0, image: 0, cached: 0 },
      total: 1,
    },
  } as const),
  fc.record({
    type: fc.constant('error'),
    code: fc.constantFrom('odd', 'input_audio_buffer_commit_empty'),
    message: text,
    fatal: fc.constant(false),
    source: fc.constantFrom('provider', 'protocol'),
    cause: fc.constantFrom(undefined, 'activeResponse', 'harmless', 'quota'),
    eventId,
  }),
);

const modelInput = fc
  .oneof(
    { weight: 5, arbitrary: responseEvent },
    { weight: 3, arbitrary: inputEvent },
    { weight: 2, arbitrary: sessionEvent },
  )
  .map((modelEvent): Input => ({ type: 'model', event: modelEvent }));

/** The tools are called like the words that everything wild consists of. */
export const wildSettings: SessionSettings = {
  transcription: {},
  instructions: 'Be wild.',
  voice: 'ada',
  tools: ['so be it', 'one two three four five', 'ようこそ'].map((name, index) => ({
    name,
    description: name,
    parameters: {},
    mayAsk: index === 0,
    cancelOnInterrupt: index !== 1,
  })),
};
const otherSettings: SessionSettings = { ...wildSettings, instructions: undefined, voice: 'bob' };
const handoff = { from: 'A', to: 'B', settings: otherSettings };

const outcome = fc.constantFrom(
  { kind: 'finished', output: '{}', durationMs: 3 } as const,
  { kind: 'finished', output: 'noted', durationMs: 3, quiet: true } as const,
  { kind: 'finished', output: 'B', durationMs: 3, handoff } as const,
  { kind: 'failed', code: 'timeout', message: 'too slow', output: 'too slow', durationMs: 9 } as const,
);
const raised = {
  kind: 'failed',
  code: 'timeout',
  message: 'too slow',
  output: 'too slow',
  durationMs: 9,
  raise: true,
} as const;
const trip = { guardrail: 'no secrets', message: 'said one' };
const settingsInput = fc.constantFrom<Input>(
  { type: 'settings.changed', settings: { ...wildSettings, tools: [] } },
  { type: 'settings.changed', settings: wildSettings },
  { type: 'settings.changed', settings: otherSettings, agent: { from: 'A', to: 'B' } },
);
const toolInput: fc.Arbitrary<Input> = fc.oneof(
  fc.record({ type: fc.constant('tool.ended'), callId, outcome }),
  fc.record({ type: fc.constant('tool.ended'), callId, outcome }),
  fc.record({ type: fc.constant('tool.began'), callId }),
  fc.record({ type: fc.constant('tool.approval.required'), callId }),
  fc.record({ type: fc.constant('tool.progressed'), callId, message: text }),
  callId.map((id): Input => ({ type: 'tool.guardrail.tripped', callId: id, ...trip })),
);
const ending = { exitCode: ExitCode.ok, reason: 'quit' } as const;

const linkInput: fc.Arbitrary<Input> = fc.oneof(
  fc.constant<Input>({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true }),
  fc.constant<Input>({ type: 'link.lost', code: 1001, reason: 'bye', ending, retrying: true }),
  fc.constant<Input>({ type: 'link.restored' }),
  fc.constant<Input>({ type: 'link.restored' }),
  fc.constant<Input>({ type: 'link.restored', resume: 'handle' }),
  samples.map((inMs): Input => ({ type: 'link.expires', inMs })),
  fc.record({ type: fc.constant('sound.resent'), spoken: fc.boolean(), lostMs: fc.constantFrom(0, 4000) }),
);

/** What the program makes of the conversation; it may know ids that the provider uses, and use one twice. */
const rewriting: fc.Arbitrary<Input> = fc
  .array(
    fc.record({
      kind: fc.constant('message'),
      itemId: fc.oneof(itemId, fc.constantFrom('w1', 'w2', 'vt_replay_3', 'e1')),
      role: fc.constantFrom('user', 'assistant', 'system'),
      text,
      state: fc.constant('done'),
    }),
    { maxLength: 4 },
  )
  .map((items): Input => ({ type: 'history.replaced', items }));

const shellInput: fc.Arbitrary<Input> = fc.oneof(
  fc.constant<Input>({ type: 'link.up' }),
  fc.constant<Input>({ type: 'user.interrupt' }),
  fc.constant<Input>({ type: 'user.commit' }),
  fc.constant<Input>({ type: 'user.speech' }),
  fc.constant<Input>({ type: 'user.discard' }),
  fc.constant<Input>({ type: 'playback.drained' }),
  fc.constant<Input>({ type: 'device.lost', message: 'unplugged' }),
  fc.constant<Input>({ type: 'user.image', mime: 'image/png', data: new Uint8Array(4) }),
  text.map((words): Input => ({ type: 'user.text', text: words })),
  fc.record({ type: fc.constant('playback.rendered'), parts }),
  fc.record({ type: fc.constant('playback.rendered'), parts }),
  fc.record({ type: fc.constant('playback.rendered'), parts }),
  fc.record({ type: fc.constant('playback.rendered'), parts }),
  fc.record({ type: fc.constant('playback.cleared'), epoch: fc.integer({ min: 1, max: 6 }), parts }),
  ...Array.from({ length: 4 }, () => toolInput),
  responseId.map(
    (id): Input => ({ type: 'guardrail.tripped', responseId: id, ...trip, feedback: 'No secrets.' }),
  ),
  settingsInput,
  ...Array.from({ length: 2 }, () => linkInput),
  rewriting,
);
const tick = fc.constant<Input>({ type: 'tick' });
const end = fc.constantFrom<Input>(
  { type: 'end', ending },
  { type: 'tool.ended', callId: 'c1', outcome: raised },
  { type: 'link.lost', code: 1006, reason: '', ending },
  { type: 'model', event: { type: 'session.ended', reason: 'bye' } },
  {
    type: 'model',
    event: { type: 'error', code: 'gone', message: 'gone', fatal: true, source: 'provider' },
  },
  {
    type: 'model',
    event: { type: 'error', code: 'old', message: 'old', fatal: true, source: 'provider', cause: 'expired' },
  },
);

const step: fc.Arbitrary<WildStep> = fc.record({
  afterMs,
  input: fc.oneof(
    { weight: 60, arbitrary: modelInput },
    { weight: 30, arbitrary: shellInput },
    { weight: 12, arbitrary: tick },
    { weight: 1, arbitrary: end },
  ),
});

const opening: readonly WildStep[] = [
  { afterMs: 0, input: { type: 'model', event: { type: 'session.created', sessionId: 's' } } },
  { afterMs: 0, input: { type: 'model', event: { type: 'session.updated' } } },
];

const restoration: readonly WildStep[] = [{ afterMs: 100, input: { type: 'link.restored' } }, ...opening];

/** Most connections that are lost come back. */
function mostlyRestored(steps: readonly WildStep[], luck: number): WildStep[] {
  return steps.flatMap((step, index) => {
    const lost = step.input.type === 'link.lost' && step.input.retrying === true;
    return lost && (luck + index) % 4 !== 0 ? [step, ...restoration] : [step];
  });
}

/** Anything in any order, mostly after a session has opened as it should. */
export const wildSteps: fc.Arbitrary<readonly WildStep[]> = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.array(step, { minLength: 1, maxLength: 120, size: 'max' }))
  .map(([luck, steps]) => (luck === 0 ? steps : [...opening, ...mostlyRestored(steps, luck)]));

const earlier: readonly HistoryItem[] = [
  { kind: 'message', itemId: 'i1', role: 'user', text: 'before', state: 'done' },
  { kind: 'tool', itemId: 'e1', callId: 'c0', name: 'x', arguments: '', output: 'y', state: 'done' },
  { kind: 'message', itemId: 'vt_user_1', role: 'assistant', text: 'then', state: 'done' },
];

/** What a session may begin with, and how far it may go. */
export const wildOptions: fc.Arbitrary<
  Pick<ConversationOptions, 'history' | 'historyLimit' | 'limits' | 'prices'>
> = fc.constantFrom(
  {},
  { history: earlier },
  { history: earlier, historyLimit: { turns: 1 } },
  { historyLimit: { tokens: 3 } },
  { limits: { maxTurns: 2 } },
  { history: earlier, limits: { maxTurns: 5, maxDurationMs: 60_000 } },
  {
    limits: { maxCost: 1e-6 },
    prices: {
      date: '2026-03-01',
      currency: 'USD',
      models: { '*': { input: { text: 1 }, output: { text: 1 } } },
    },
  },
);
