import { toBase64 } from '../../base/base64.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { CompatOptions } from './compat-options.js';
import { type Preset, presets } from './compat-presets.js';
import { atRatesOf, type SampleFormats, sampleFormatsOf, toWire } from './sample-format.js';
import { betaDialect, gaDialect, type Quirks, type Switches } from './switches.js';

interface Differences {
  readonly switches: Switches;
  readonly profile: Profile;
}

/**
 * The dialect and profile of a compatible server: those of its preset or dialect, with each option laid over them.
 * @param reference the profile to start from
 * @param model the model the user chose, for servers that take it inside the session
 * @param formats the sample formats the user chose
 * @throws VoxtermError exit 3 for options that contradict each other.
 */
export function resolveCompat(
  options: CompatOptions,
  reference: Profile,
  model?: string,
  formats: SampleFormats = sampleFormatsOf(undefined),
): Differences {
  const { preset: name, dialect, images, ...rest } = options;
  const preset = name === undefined ? undefined : presets[name];
  const { switches: switched, profile: able } = split(rest);
  const base = (preset?.dialect ?? dialect ?? 'ga') === 'ga' ? gaDialect : betaDialect;
  const plain: Switches = atRatesOf(formats, {
    ...base,
    ...preset?.switches,
    ...switched,
    sampleFormats: formats,
  });
  const abilities: Profile = {
    ...reference,
    ...(base === betaDialect && { images: null }),
    ...preset?.profile,
    ...able,
    inputRateHz: plain.inputRateHz,
    outputRateHz: plain.outputRateHz,
    settings: plain.settings,
    serverTools: plain.serverTools,
    turnChoices: plain.turnsSayWhatFollows ? reference.turnChoices : undefined,
    customVoices: plain.customVoices,
  };
  const profile: Profile = {
    ...abilities,
    images: images === undefined ? abilities.images : images ? reference.images : null,
    userTranscripts:
      able.userTranscripts ?? (plain.repeatsTranscripts ? 'replace' : abilities.userTranscripts),
    // A server that does not detect speech cannot interrupt itself.
    interruptsItself:
      able.interruptsItself ?? (abilities.turns === 'none' ? false : abilities.interruptsItself),
    parallelTools: abilities.tools && abilities.parallelTools,
  };
  refuseContradictions(options, { switches: plain, profile });
  return { switches: { ...plain, quirks: () => quirks(preset, profile, formats, model) }, profile };
}

/** The address with the query parameters that the preset's server needs. */
export function compatibleAddress(address: string, { preset }: CompatOptions): string {
  const url = new URL(address);
  const query = preset === undefined ? undefined : presets[preset].query?.();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  return url.href;
}

/** Separates the keys of the dialect from those of the profile. */
function split(options: Omit<CompatOptions, 'preset' | 'dialect' | 'images'>) {
  const { turns, truncation, interruptsItself, tools, parallelTools, typedText, ...others } = options;
  const { deletesItems, userTranscripts, cancelAnswersDone, createAfterTool, acknowledgesItems, ...more } =
    others;
  const { sessionLimitS, idleLimitS, pingEveryS, keepAliveS, usage, ...switches } = more;
  return {
    switches: defined(switches),
    profile: defined({
      turns,
      truncation,
      interruptsItself,
      tools,
      parallelTools,
      typedText,
      deletesItems,
      userTranscripts,
      cancelAnswersDone,
      createAfterTool,
      acknowledgesItems,
      sessionLimitS,
      idleLimitS,
      pingEveryS,
      keepAliveS,
      usage,
    }),
  };
}

/** Without undefined values, so that spreading it over another object replaces only what was given. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in fields) {
    const value = fields[key];
    if (isDefined(value)) present[key] = value;
  }
  return present;
}

function isDefined<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}

function quirks(
  preset: Preset | undefined,
  profile: Profile,
  { input }: SampleFormats,
  model: string | undefined,
): Quirks {
  const own = preset?.quirks?.(model) ?? {};
  if (profile.keepAliveS === null) return own;
  // Silence is the one message that every server accepts and that changes nothing.
  const audio = toBase64(toWire(new Uint8Array(Math.floor(profile.inputRateHz / 10) * 2), input));
  return { ...own, keepAlive: () => [{ type: 'input_audio_buffer.append', audio }] };
}

function refuseContradictions(asked: CompatOptions, { switches, profile }: Differences): void {
  if (asked.preset !== undefined && asked.dialect !== undefined) {
    refuse('"preset" and "dialect" cannot be combined.', 'Keep one of them.');
  }
  if (switches.shape === 'flat' && switches.atTopLevel.length > 0) {
    refuse('a flat session already has all its fields at the top level.', 'Remove "atTopLevel" or "shape".');
  }
  const { input, output } = switches.sampleFormats;
  if (switches.format.kind === 'unsaid' && (input !== 'pcm16' || output !== 'pcm16')) {
    refuse('the audio format of this server cannot be chosen.', 'Remove "inputFormat" and "outputFormat".');
  }
  if (switches.transcriptionModelFixed && switches.transcriptionModel === null) {
    refuse('"transcriptionModelFixed" needs a "transcriptionModel".', 'Set "transcriptionModel".');
  }
  if (profile.truncation === 'explicit' && !profile.deletesItems) {
    refuse(
      '"truncation": "explicit" needs "deletesItems": answers of which nothing was heard are deleted.',
      'Set "deletesItems" to true, or "truncation" to "none" or "server".',
    );
  }
  if (asked.parallelTools === true && !profile.tools) {
    refuse('"parallelTools" needs "tools".', 'Remove "parallelTools", or set "tools" to true.');
  }
  if (asked.interruptsItself === true && profile.turns === 'none') {
    refuse('"interruptsItself" needs a server that detects turns.', 'Set "turns" to "server".');
  }
  if (switches.repeatsTranscripts && profile.userTranscripts !== 'replace') {
    refuse(
      'with "repeatsTranscripts", transcripts replace each other.',
      'Set "userTranscripts" to "replace".',
    );
  }
  const { keepAliveS, idleLimitS } = profile;
  if (keepAliveS !== null && idleLimitS !== null && keepAliveS >= idleLimitS) {
    refuse('"keepAliveS" must be shorter than "idleLimitS".', 'Set "keepAliveS" below "idleLimitS".');
  }
}

function refuse(message: string, hint: string): never {
  throw new VoxtermError(`The options under "compat" contradict each other: ${message}`, {
    code: 'compat.contradiction',
    exitCode: ExitCode.configuration,
    hint,
  });
}
