import type { Persona, Team } from '../../agents/team.js';
import type { Sound } from '../../audio/sound.js';
import { loadTurnDetector } from '../../audio/turns/load-turn-detector.js';
import type { TurnDetectorFactory } from '../../audio/turns/turn-detector.js';
import type { ConversationRules } from '../../contract/conversation-options.js';
import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { turnKeeper } from '../../contract/turn-keeper.js';
import { pricesFor } from '../../providers/price-list.js';
import type { ConnectionSettings, Note, Provider } from '../../providers/provider.js';
import type { ToolRunner } from '../../tools/definition/tool.js';
import { createToolRunner } from '../../tools/tool-runner.js';
import { againHint, unavailable } from '../link/close-meaning.js';
import type { Link } from '../link/link.js';
import { openLink } from '../link/open-link.js';
import { Session } from '../session.js';
import type { SessionParts } from '../session-parts.js';
import { settleInTime } from '../settle-in-time.js';
import type { VoiceSession } from '../voice-session.js';
import { learnsHistory, notesFor } from './session-notes.js';
import { checkAgents, checkCostLimit, checkLimits, checkOptions, checkTurns } from './start-checks.js';

export interface StartOptions
  extends ConversationRules,
    Pick<SessionParts, 'history' | 'guardrails' | 'context'> {
  readonly provider: Provider;
  readonly connection: ConnectionSettings;
  /** Called before each connection for what has changed, for example a key that has expired. */
  readonly renew?: ((connection: ConnectionSettings) => Promise<ConnectionSettings>) | undefined;
  /** Settings of the model; the tools come from `tools`. With a team: what all of its agents share. */
  readonly settings: SessionSettings;
  /** Absent: those of the team, or none. */
  readonly tools?: ToolRunner | undefined;
  /** The agents. The session closes the team. */
  readonly team?: Team | undefined;
  /** Exit code if the turns cannot be ended as the settings require; default 3. */
  readonly turnsExitCode?: ExitCode | undefined;
  /** Opens microphone and speaker at the provider's rates; null or absent = typed text and printed replies. */
  readonly openSound?: ((profile: Profile) => Promise<Sound | null>) | undefined;
  /** Default true. */
  readonly watchEcho?: boolean | undefined;
  readonly audioInEvents?: boolean | undefined;
  /**
   * Before each attempt at a new connection, in milliseconds. Default: 0.5 to 8 s, five times. Empty: a connection that
   * breaks ends the session; only one that announces its end is replaced.
   */
  readonly reconnectDelaysMs?: readonly number[] | undefined;
  readonly now?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * True while events are consumed more slowly than they arrive; reading from the server then pauses, so that it waits.
   */
  readonly congested?: (() => boolean) | undefined;
  /** Every message on the wire from the first one on, before a session exists whose `onRaw` could be set. */
  readonly onRaw?: VoiceSession['onRaw'];
  /** Receives the session before its first event; it may still fail to start. */
  readonly attend?: ((session: VoiceSession) => void) | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** Codes of failures that may be caused by the conversation to be resumed; the code does not tell. */
const doubtful = new Set(['link.failed', 'link.lost']);

const anew: Note = {
  code: 'conversation.new',
  message: 'The earlier conversation could not be continued; a new one begins.',
};

/**
 * Connects and returns a session that is ready to talk. Sound opens while the network connects. If the provider does
 * not resume a conversation, a new one begins.
 * @throws VoxtermError when the provider cannot be reached or refuses, the sound cannot be opened, or the turns cannot
 * be ended as requested.
 */
export async function startSession(options: StartOptions): Promise<VoiceSession> {
  const { connection, signal } = options;
  try {
    return await begin(options, []).catch((error: unknown) => {
      if (connection.resume === undefined || signal?.aborted || !mayBeItsConversation(error)) throw error;
      return begin({ ...options, connection: { ...connection, resume: undefined } }, [anew]);
    });
  } catch (error) {
    options.tools?.close();
    // An MCP server that is still starting must not delay the error.
    if (options.team !== undefined) await settleInTime([options.team.close()]);
    throw error;
  }
}

function mayBeItsConversation(error: unknown): boolean {
  if (!(error instanceof VoxtermError) || error.code === unavailable) return false;
  return error.exitCode === ExitCode.refused || doubtful.has(error.code);
}

async function begin(options: StartOptions, news: readonly Note[]): Promise<VoiceSession> {
  const { provider, team, log } = options;
  checkOptions(provider.id, options.connection.options);
  const profile = profileOf(provider, options.connection);
  const connection = unlessTold(options, profile);
  checkTurns(profile, options.settings, options.turnsExitCode);
  checkAgents(profile, team);
  const priced = { provider: provider.id, model: profile.model, ownServer: connection.url !== undefined };
  const prices = pricesFor(priced, options.prices);
  checkLimits(options.limits);
  checkCostLimit(profile, options.limits, prices);
  const turnDetector = await ownDetector(profile, options.settings);
  // The sound of a telephone call stays with the provider.
  const opening =
    (profile.mediaElsewhere ? undefined : options.openSound?.(profile)) ?? Promise.resolve(null);
  // Instructions and MCP servers get ready while the network connects.
  const starting = team?.start() ?? Promise.resolve(undefined);
  // Awaited below, unless the connection fails first.
  for (const promise of [opening, starting]) promise.catch(() => {});
  const running = await provider.start?.(connection).catch(async (error: unknown) => {
    await discard(opening);
    throw error;
  });
  const join = async (
    given: ConnectionSettings,
    signal: AbortSignal | undefined,
    onRaw: StartOptions['onRaw'],
  ): Promise<Link> => {
    const voice = team?.current.voice ?? given.voice;
    const renewing = options.renew?.({ ...given, voice });
    const settings = renewing === undefined ? { ...given, voice } : await unlessAborted(renewing, signal);
    return openLink({
      provider,
      connection: settings,
      profile,
      endpoint: running?.endpoint ?? provider.endpoint(settings),
      signal,
      congested: options.congested,
      maxTextLength: options.limits?.maxTextLength,
      onRaw,
      log,
    });
  };
  let link: Link;
  try {
    link = await join(connection, options.signal, options.onRaw);
  } catch (error) {
    await Promise.all([discard(opening), running?.stop()]);
    throw error;
  }
  let sound: Sound | null;
  let persona: Persona | undefined;
  try {
    [sound, persona] = await unlessAborted(Promise.all([opening, starting]), options.signal);
  } catch (error) {
    await settleInTime([link.close(), discard(opening)]);
    await running?.stop();
    throw error;
  }
  const tools = options.tools ?? team?.tools ?? createToolRunner([], { env: connection.env });
  const settings = persona?.settings ?? options.settings;
  let session: Session;
  try {
    session = new Session({
      ...options,
      prices,
      tools,
      settings,
      profile,
      link,
      reconnect: (resume, signal, onRaw) =>
        join({ ...connection, resume, reconnecting: true }, signal, onRaw),
      sound,
      notes: [...news, ...notesOf({ ...options, settings, tools }, profile)],
      turnDetector,
      watchEcho: profile.mediaElsewhere !== true && (options.watchEcho ?? true),
      audioInEvents: options.audioInEvents ?? false,
      now: options.now ?? (() => performance.now()),
      closeAlso: running === undefined ? undefined : () => running.stop(),
    });
  } catch (error) {
    await settleInTime([link.close(), discard(opening)]);
    await running?.stop();
    throw error;
  }
  options.attend?.(session);
  await ready(session, provider.id, options.signal);
  return session;
}

/**
 * A conversation is either given as history or resumed by the provider: both together would mix two conversations, or
 * repeat one.
 */
function unlessTold({ connection, history = [] }: StartOptions, profile: Profile): ConnectionSettings {
  const told = history.length > 0 && learnsHistory(profile);
  return told ? { ...connection, resume: undefined } : connection;
}

function profileOf(provider: Provider, { model, options, callId }: ConnectionSettings): Profile {
  if (callId === undefined) return provider.profile(model, options);
  if (provider.callProfile !== undefined) return provider.callProfile(model);
  throw new VoxtermError(`${provider.id} has no telephone calls to take part in.`, {
    code: 'call.unsupported',
    exitCode: ExitCode.configuration,
    hint: 'Calls have their ids from OpenAI: use the provider openai.',
    facts: { provider: provider.id },
  });
}

function notesOf(
  { provider, connection, settings, tools, history }: StartOptions & { readonly tools: ToolRunner },
  profile: Profile,
): Note[] {
  const { specs } = tools;
  const told = { ...settings, ...(profile.tools ? { tools: specs } : {}) };
  const ownServer = connection.url !== undefined;
  return [
    ...notesFor({ profile, settings, tools: specs, ownServer, history }),
    ...(provider.notes?.(told, connection) ?? []),
  ];
}

/** If turns are detected on this side, the detector is loaded before the session begins. */
async function ownDetector(
  profile: Profile,
  settings: SessionSettings,
): Promise<TurnDetectorFactory | undefined> {
  if (turnKeeper(profile, settings) !== 'client') return undefined;
  const { turnDetection } = settings;
  const { detector = 'energy', model } = turnDetection?.type === 'client' ? turnDetection : {};
  return loadTurnDetector({ type: detector, model });
}

/** @throws the signal's reason as soon as it is aborted; the awaited work continues and its result is dropped. */
async function unlessAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return work;
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function discard(opening: Promise<Sound | null>): Promise<void> {
  const sound = await opening.catch(() => null);
  await sound?.close();
}

/** Waits for `session.ready` without using up the events kept for the first subscriber. */
async function ready(session: Session, provider: string, signal: AbortSignal | undefined): Promise<void> {
  const abort = () => void session.end({ exitCode: 130, reason: 'aborted' });
  signal?.addEventListener('abort', abort, { once: true });
  const failed = session.ended.then((ending) => {
    const { hint, facts } = ending;
    // The session has not begun, so there is nothing to resume.
    const isUnexplained = hint === undefined || hint === againHint;
    throw new VoxtermError(ending.message ?? `The session ended before it began (${ending.reason}).`, {
      code: ending.reason,
      exitCode: ending.exitCode,
      hint: isUnexplained ? 'Check key, address, model and settings one by one.' : hint,
      facts: isUnexplained ? { ...facts, provider, phase: 'start' } : facts,
    });
  });
  failed.catch(() => {}); // also covers a clean end later
  try {
    await Promise.race([session.ready, failed]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
