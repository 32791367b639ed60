import type { Profile } from '../../contract/profile.js';
import type { SessionSettings } from '../../contract/settings.js';
import { turnKeeper } from '../../contract/turn-keeper.js';
import type { Outbox } from '../core/outbox.js';
import type { Persona } from '../core/persona.js';
import type { Trouble } from '../core/trouble.js';
import type { History } from '../memory/history.js';
import { type AnswerableTurn, CommittedTurns } from './committed-turns.js';
import { TurnSound } from './turn-sound.js';
import { UserWords } from './user-words.js';

/** How long the server may take to open the answer to a turn it detected itself, before we ask for it. */
const answerPatienceMs = 8000;
/** The same where a server says nothing about a turn but its answer. */
const firstAnswerPatienceMs = 20_000;
/** Speech that has stopped becomes a turn at once; later, it was a cough that the server has thrown away. */
const commitPatienceMs = 2000;
/** Less lost speech than this is not worth a warning. */
const leastLossMs = 300;
/** A speech start whose end never came stops holding the floor. */
const longestHoldMs = 120_000;

/** A finished turn that the server will answer by itself. */
interface AwaitedAnswer {
  readonly itemId: string | undefined;
  readonly sinceMs: number;
  /** The server has said that it is a turn. */
  committed: boolean;
  /** The user does not want it any more. */
  refused: boolean;
}

/** The user's side: when they speak, which turns are finished, and the transcripts, which may come late. */
export class UserTurns {
  private speakingSinceMs: number | undefined;
  private awaited: AwaitedAnswer | undefined;
  /** The turn whose answer opened last; some servers confirm its place only after that. */
  private answeredItemId: string | undefined;
  /** Commits the server has not confirmed yet. */
  private readonly commits = new Map<string, { readonly sentAtMs: number; refused: boolean }>();
  private readonly committedTurns: CommittedTurns;
  /** The server says when it has taken a turn that we ended. Learned: some just answer. */
  private confirmsCommits = false;
  readonly words: UserWords;
  readonly sound: TurnSound;
  /** A question can be asked again in writing. */
  private readonly retellable: boolean;
  private readonly serverEndsTurns: boolean;

  constructor(
    private readonly out: Outbox,
    private readonly history: History,
    profile: Profile,
    settings: SessionSettings,
    private readonly persona: Pick<Persona, 'habits'>,
    private readonly trouble: Trouble,
  ) {
    this.serverEndsTurns = turnKeeper(profile, settings) === 'provider';
    this.committedTurns = new CommittedTurns(profile.createAfterCommit ?? 'confirmed');
    const transcribed = profile.userTranscripts !== 'none' && settings.transcription !== undefined;
    this.sound = new TurnSound(out);
    this.retellable = profile.typedText;
    const { committedTurns, sound } = this;
    this.words = new UserWords(out, history, transcribed, {
      begun: (itemId) => sound.named(itemId),
      worded: (itemId, growing) => committedTurns.worded(itemId, growing, out.nowMs),
      complete: (itemId) => {
        if (this.retellable) sound.worded(itemId);
      },
    });
  }

  /** No server notices that a turn is over: we commit it. */
  get endsByHand(): boolean {
    return !this.serverEndsTurns;
  }

  get speaking(): boolean {
    return this.speakingSinceMs !== undefined;
  }

  /**
   * The user is speaking, and only the provider has the audio. A turn that we end ourselves is sent again on a new
   * connection.
   */
  get heardByProvider(): boolean {
    return this.speaking && this.serverEndsTurns;
  }

  /** The user's last turn is over and unanswered, and no other connection can be told of it yet. */
  get untold(): boolean {
    if (this.commitsWanted) return true;
    const { awaited } = this;
    if (awaited?.refused !== false) return false;
    return !awaited.committed || this.words.pending || !this.lastWordsKnown;
  }

  get awaitingAnswer(): boolean {
    return (
      this.awaited !== undefined || this.commits.size > 0 || this.committedTurns.any || this.sound.awaited
    );
  }

  /** When the turn ended that the server is about to answer by itself: the next response may be its own. */
  get awaitedSinceMs(): number | undefined {
    return this.awaited?.sinceMs;
  }

  /** Asking for a response now would talk over the user, or collide with the answer the server is about to give. */
  get hasFloor(): boolean {
    return this.speaking || this.awaitingAnswer;
  }

  began(itemId: string | undefined, audioStartMs: number | undefined): boolean {
    if (this.speaking) return false;
    this.speakingSinceMs = this.out.nowMs;
    this.awaited = undefined;
    this.committedTurns.yield();
    this.out.emit({ type: 'speech.started', ...defined({ itemId, audioStartMs }) });
    this.sound.opened();
    return true;
  }

  stopped(itemId: string | undefined, audioEndMs: number | undefined): boolean {
    if (!this.speaking) return false;
    this.speakingSinceMs = undefined;
    if (this.persona.habits.answers) this.await(itemId, false);
    this.out.emit({ type: 'speech.stopped', ...defined({ itemId, audioEndMs }) });
    this.sound.close();
    return true;
  }

  /** The user ends the turn by hand. The answer is requested when the server confirms that it has audio. */
  commit(): void {
    this.stopped(undefined, undefined);
    this.sound.close();
    this.awaited = undefined;
    const eventId = this.out.newId('commit');
    if (this.committedTurns.asksAtOnce) this.committedTurns.sent(this.out.nowMs);
    else this.commits.set(eventId, { sentAtMs: this.out.nowMs, refused: false });
    this.out.send({ type: 'audio.commit', eventId });
  }

  /** It was no turn after all. */
  discard(): void {
    if (!this.stopped(undefined, undefined)) return;
    this.sound.settle();
    this.awaited = undefined;
    this.out.send({ type: 'audio.clear', eventId: this.out.newId('clear') });
  }

  /**
   * The turn has its place in the conversation. Returns true when it was committed by hand and we have to ask for its
   * answer.
   */
  committed(itemId: string, previousItemId: string | null | undefined): boolean {
    // Of a turn that we ended it may come when the user has begun to speak again.
    if (this.serverEndsTurns) this.speakingSinceMs = undefined;
    this.sound.close(itemId);
    this.words.takePlace(itemId, previousItemId);
    const commit = this.takeCommit();
    if (commit !== undefined) {
      this.confirmsCommits = true;
      return commit === 'wanted' && this.committedTurns.confirmed(itemId, this.out.nowMs);
    }
    if (this.awaited !== undefined) this.awaited.committed = true;
    else if (this.persona.habits.answers && itemId !== this.answeredItemId) this.await(itemId, true);
    return false;
  }

  /** The oldest commit is settled. Whether its answer is wanted; undefined where there was none. */
  private takeCommit(): 'wanted' | 'refused' | undefined {
    const oldest = [...this.commits][0];
    if (oldest === undefined) return undefined;
    const [eventId, { refused }] = oldest;
    this.commits.delete(eventId);
    return refused ? 'refused' : 'wanted';
  }

  private await(itemId: string | undefined, committed: boolean): void {
    this.awaited = { itemId, sinceMs: this.out.nowMs, committed, refused: false };
  }

  /** The user does not want the last turn answered. */
  refuseAnswer(): void {
    if (this.awaited !== undefined) this.awaited.refused = true;
    for (const commit of this.commits.values()) commit.refused = true;
    this.committedTurns.refuse();
    this.sound.settle();
  }

  /** The answer to the last turn makes a call: what comes of it can be told to another connection. */
  called(responseId: string): void {
    if (this.retellable && this.sound.answerId === responseId) this.sound.settle();
  }

  /** Something was heard or read of the answer. */
  answerHeard(responseId: string): void {
    if (this.sound.answerId === responseId) this.sound.settle();
  }

  commitFailed({ eventId, code }: { eventId?: string | undefined; code: string }): boolean {
    const ours =
      eventId !== undefined ? this.commits.delete(eventId) : code === 'input_audio_buffer_commit_empty';
    if (!ours) return false;
    if (eventId === undefined) this.commits.clear();
    this.sound.settle();
    this.out.emit({
      type: 'warning',
      code: 'input.empty',
      message: 'There was no speech to send.',
      hint: 'Check the microphone.',
    });
    return true;
  }

  cleared(): void {
    this.speakingSinceMs = undefined;
    this.sound.discarded();
  }

  /** A written message. Returns its item. */
  typed(text: string): string {
    if (this.awaited !== undefined) this.awaited.refused = false;
    const itemId = this.out.newId('user');
    this.out.send({
      type: 'item.create',
      item: { kind: 'message', itemId, role: 'user', text },
      eventId: this.out.newId('item'),
    });
    this.history.add({ kind: 'message', itemId, role: 'user', text, state: 'done' });
    this.out.emit({ type: 'user.transcript.done', itemId, text, typed: true });
    return itemId;
  }

  /**
   * A response has opened: the turn is being answered. `unasked`: it answers no `response.create` of ours, so the
   * server answers committed turns by itself, and this is all it says about the oldest. Returns false where the user no
   * longer wants that.
   */
  answered(responseId: string, unasked: boolean): boolean {
    const { awaited } = this;
    this.sound.answered(responseId);
    const answersCommits = unasked && !this.serverEndsTurns && !this.confirmsCommits;
    if (awaited === undefined && answersCommits) return this.takeCommit() !== 'refused';
    if (awaited === undefined) return true;
    this.awaited = undefined;
    this.answeredItemId = awaited.itemId;
    return !awaited.refused;
  }

  /** Turns that we ended and that are to be answered now. */
  takeAnswerable(): readonly AnswerableTurn[] {
    return this.committedTurns.take(this.out.nowMs);
  }

  /**
   * The server was about to answer a turn, but cannot while its last answer goes on, and does not come back to it.
   * Returns whether there was such a turn, whose answer we have to ask for.
   */
  takeCrowdedOut(): boolean {
    if (this.awaited?.committed !== true) return false;
    const { refused } = this.awaited;
    this.awaited = undefined;
    return !refused;
  }

  /** True once when the server has left a finished turn unanswered for too long. */
  takeLateAnswer(): boolean {
    const { awaited } = this;
    if (awaited === undefined) return false;
    const patienceMs = awaited.committed ? answerPatienceMs : commitPatienceMs;
    if (this.out.nowMs - awaited.sinceMs < patienceMs) return false;
    this.awaited = undefined;
    if (!awaited.committed) this.sound.settle();
    if (awaited.refused || !awaited.committed) return false;
    this.out.emit({
      type: 'warning',
      code: 'response.late',
      message: `No answer came within ${answerPatienceMs / 1000} s; asking for it again.`,
    });
    return true;
  }

  tick(): void {
    const { nowMs } = this.out;
    if (this.speakingSinceMs !== undefined && nowMs - this.speakingSinceMs >= longestHoldMs) {
      this.speakingSinceMs = undefined;
      this.sound.discarded();
    }
    if (this.sound.takeUnnoticed()) this.trouble.speechLost();
    this.giveUpCommits();
    this.words.tick();
  }

  /** A server that confirms turns does so at once; one that only answers them may think before it does. */
  private giveUpCommits(): void {
    const patienceMs = this.confirmsCommits ? answerPatienceMs : firstAnswerPatienceMs;
    for (const [eventId, { sentAtMs, refused }] of this.commits) {
      if (this.out.nowMs - sentAtMs < patienceMs) continue;
      this.commits.delete(eventId);
      if (refused) continue;
      this.out.emit({
        type: 'warning',
        code: 'response.missing',
        message: 'The server did not answer what you said in time.',
        hint: 'Say it again.',
      });
    }
  }

  /**
   * The connection is gone. Words that have not come will not come. Returns what becomes of the turn that was open or
   * unanswered: `resent`: the next connection has to hear it again.
   */
  connectionLost(): 'none' | 'resent' | 'unanswered' {
    const wasSpeaking = this.speaking;
    const unanswered = this.awaited?.refused === false || this.commitsWanted || this.committedTurns.any;
    if (wasSpeaking) {
      this.speakingSinceMs = undefined;
      this.out.emit({ type: 'speech.stopped' });
    }
    this.awaited = undefined;
    this.answeredItemId = undefined;
    this.commits.clear();
    this.committedTurns.refuse();
    this.words.end();
    if (this.sound.connectionLost()) return 'resent';
    return unanswered ? 'unanswered' : 'none';
  }

  /** What the lost connection may not have understood is sent again: it becomes another message. */
  resent({ spoken, lostMs }: { readonly spoken: boolean; readonly lostMs: number }): void {
    if (lostMs >= leastLossMs) this.trouble.speechLost(lostMs);
    if (!spoken) {
      if (this.sound.gone() && lostMs < leastLossMs) this.trouble.speechLost();
      return;
    }
    for (const itemId of this.sound.replaced) this.history.removeResent(itemId);
    this.sound.resent();
  }

  private get commitsWanted(): boolean {
    return [...this.commits.values()].some(({ refused }) => !refused);
  }

  /** The last thing that was said is the user's, and its words are known. */
  get lastWordsKnown(): boolean {
    const last = this.history.items.findLast((item) => item.kind === 'message' && item.state !== 'pending');
    return last?.kind === 'message' && last.role === 'user' && last.text !== '';
  }
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) present[key] = value as Exclude<T[typeof key], undefined>;
  }
  return present;
}
