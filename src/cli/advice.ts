import type { Ending } from '../contract/exit.js';
import type { Facts } from '../contract/facts.js';
import type { SessionEvent } from '../contract/session-events.js';

/** What errors, warnings, notes and events have in common: a code and a hint. */
export interface Advisable {
  readonly code: string;
  readonly hint?: string | undefined;
  readonly facts?: Facts | undefined;
}

type Advice = (hint: string | undefined, facts: Facts) => string | undefined;

const doctor = '"voxterm doctor" looks closer.';
const devices = '"voxterm devices" lists what is there.';

/**
 * The hint of a message in the words of the command line: its flags, its commands, its configuration file. Everything
 * below is written for any program; only this module knows how the command line names things.
 */
export function adviceOn({ code, hint, facts = {} }: Advisable): string | undefined {
  return (byCode.get(code) ?? general)(hint, facts);
}

/** An event with its hint in the words of the command line. */
export function advised(event: SessionEvent): SessionEvent {
  if (event.type !== 'warning' && event.type !== 'error') return event;
  const hint = adviceOn(event);
  return hint === event.hint ? event : { ...event, hint };
}

/** The end of a session with its hint in the words of the command line. */
export function advisedEnding(ending: Ending): Ending {
  const hint = adviceOn({ ...ending, code: ending.reason });
  return hint === ending.hint ? ending : { ...ending, hint };
}

/** Codes whose advice is more than the place where an option is set. */
const byCode: ReadonlyMap<string, Advice> = new Map<string, Advice>([
  // Provider, model and settings.
  ['credentials.missing', keyless],
  [
    'agent.unsupported',
    () =>
      '"voxterm providers" shows which models call tools. Choose one of them (--model), or give the agent none.',
  ],
  ['image.unsupported', () => '"voxterm providers" shows which models do. Choose one of them (--model).'],
  ['call.unsupported', () => 'Calls have their ids from OpenAI: use --provider openai.'],
  [
    'tools.unavailable',
    (hint, { tools }) =>
      tools === undefined
        ? hint
        : 'Choose a model that does ("voxterm providers"), or leave them out with --tool none.',
  ],
  [
    'setting.ignored',
    (hint, facts) =>
      facts.setting === 'turnDetection' && facts.instead === 'client'
        ? 'The same without this note: --turns client.'
        : general(hint, facts),
  ],
  [
    'turns.unsupported',
    (_, { turnDetection = '' }) => `Leave out --turns ${String(turnDetection)} or "turns", and just speak.`,
  ],
  ['cost.uncounted', () => 'Limit it by --max-turns or --max-duration.'],
  [
    'cost.unknown',
    (_, { model = 'the model' }) =>
      `Write the prices of ${String(model)} into "prices" in the configuration, or limit the session by --max-turns or --max-duration.`,
  ],
  [
    'session.expired',
    (hint, facts) =>
      facts.limit === 'duration'
        ? 'Start a new one; a recording of this one (--record) is complete.'
        : general(hint, facts),
  ],
  ['errors.hidden', () => 'All of them are in the log (--log-file).'],

  // Engines of the built-in provider.
  ['engine.model-unknown', (hint) => and(hint, '"voxterm doctor" lists the models that it has.')],
  ['engine.refused', (hint) => and(hint, '"voxterm doctor" tries each engine alone.')],
  ['engine_failed', (hint) => and(hint, '"voxterm doctor" tries each engine alone.')],
  [
    'turns.unavailable',
    (hint, facts) =>
      typeof facts.package === 'string'
        ? and(hint, `It belongs beside voxterm: with --global if voxterm is installed so.`)
        : hint,
  ],

  // Tools.
  [
    'tool.unknown',
    (_, { known, tool }) =>
      `Built in: ${listOf(known).join(', ')}. For a tool of your own give its file: --tool ./${String(tool || 'my-tool')}.mjs`,
  ],
  ['approval.missing', (_, { tool }) => `Allow it with --allow-tool ${String(tool)}.`],

  // Sound.
  ['echo.self-hearing', () => 'Use headphones, or start with --echo half-duplex.'],
  ['playback.stuck', () => 'Check the speaker with "voxterm doctor".'],
  ['input.empty', () => 'Check the microphone with "voxterm doctor".'],
  ['device.failed', (hint) => and(hint, doctor)],
  ['microphone.silent', (hint) => and(hint, '"voxterm devices" lists the others.')],
  ['audio.device-unknown', (hint, { found }) => (found === 0 ? and(hint, doctor) : hint)],
  ['audio.not-opened', (hint, facts) => and(general(hint, facts), '"voxterm devices" lists them.')],
  ['audio.no-input', (hint) => and(hint, devices)],
  ['audio.no-output', (hint) => and(hint, devices)],
  [
    'audio.not-answering',
    (hint, facts) =>
      facts.cause === 'versions'
        ? 'Reinstall voxterm: its parts are of different versions.'
        : and(general(hint, facts), doctor),
  ],
  ['audio.failed', (hint) => and(hint, doctor)],
  [
    'audio.no-backend',
    (hint) =>
      and(
        hint,
        'Where voxterm is installed for all projects: "npm install -g --allow-scripts=naudiodon2,segfault-handler voxterm".',
      ),
  ],
  ['audio.stdin-terminal', () => 'Pipe a recording into it, for example: voxterm ask - < question.wav'],
  [
    'audio.decoder-missing',
    (hint, facts) =>
      facts.package === undefined
        ? hint
        : `Either run "npm install ${String(facts.package)}" next to voxterm, or install ffmpeg so that it is on the PATH; WAV needs neither.`,
  ],
]);

/** The codes that have advice of their own. */
export const advisedCodes: readonly string[] = [...byCode.keys()];

/** Where the options that can help are set, and where to find out more. */
function general(hint: string | undefined, facts: Facts): string | undefined {
  const { phase, provider, resumed, key } = facts;
  if (phase === 'start' && typeof provider === 'string') {
    return `"voxterm doctor --provider ${provider}" goes through key, address, handshake and settings one by one.`;
  }
  const options = listOf(facts.options);
  let advice = placed(
    hint,
    options.filter((option) => option !== 'log'),
    provider,
  );
  if (options.includes('voice') && typeof provider === 'string') {
    advice = and(advice, `"voxterm providers --provider ${provider}" lists the voices.`);
  }
  if (options.includes('log')) advice = and(advice, '--log-file keeps what was sent.');
  if (resumed === true) advice = and(advice, '--new-conversation begins another one.');
  if (key === 'environment') advice = and(advice, '"voxterm config print" shows which one is used.');
  return advice;
}

/** The built-in provider needs no key, and a user's own server rarely does. */
function keyless(hint: string | undefined, facts: Facts): string | undefined {
  const options = listOf(facts.options);
  const others = options.filter((option) => option !== 'provider' && option !== 'url');
  const advice = placed(hint, others, facts.provider);
  if (!options.includes('provider')) return advice;
  const server = options.includes('url') ? '--url for a compatible server, or ' : '';
  return and(advice, `Without a key: ${server}--provider local for the built-in one.`);
}

/** Where the options of the library are set: a flag, else a key of the configuration. */
const places: ReadonlyMap<string, string> = new Map([
  ['provider', '--provider'],
  ['model', '--model'],
  ['url', '--url'],
  ['voice', '--voice'],
  ['insecure', '--insecure'],
  ['instructions', '--instructions'],
  ['inputDevice', '--input-device'],
  ['outputDevice', '--output-device'],
  ['backend', '--backend'],
  ['headers', '"headers" of the provider in the configuration'],
  ['programs', '"programs" in the configuration'],
  ['settings.serverTools', '"serverTools" in the configuration'],
]);

function placed(
  hint: string | undefined,
  options: readonly string[],
  provider: Facts[string] | undefined,
): string | undefined {
  const set = options.map((option) => {
    const own = /^providerOptions\.(.+)$/.exec(option)?.[1];
    return own === undefined ? (places.get(option) ?? option) : `providers.${String(provider)}.${own}`;
  });
  if (hint === undefined || set.length === 0) return hint;
  return `${hint.replace(/\.$/, '')} (${set.join(', ')}).`;
}

function and(hint: string | undefined, more: string): string {
  return hint === undefined ? more : `${hint} ${more}`;
}

function listOf(value: Facts[string] | undefined): readonly string[] {
  return typeof value === 'object' ? value : [];
}
