import assert from 'node:assert/strict';
import type { Effect } from '../../../src/contract/effects.js';
import { ExitCode } from '../../../src/contract/exit.js';
import type { Input, ToolOutcome } from '../../../src/contract/inputs.js';
import type { Profile } from '../../../src/contract/profile.js';
import { Conversation } from '../../../src/conversation/conversation.js';
import { Clockwork } from './clockwork.js';
import { samplesPerMs } from './profiles.js';
import { Random } from './random.js';
import { SimulatedAgents } from './simulated-agents.js';
import { SimulatedPlayer } from './simulated-player.js';
import { lettersPerS } from './simulated-response.js';
import { type ServerHabits, SimulatedServer } from './simulated-server.js';
import { Witness } from './witness.js';

const tickMs = 200;
const reportMs = 100;
/** Every deadline of the heart is shorter than this. */
const drainMs = 70_000;

/** Something of the user's that has to be answered, unless he calls it off. */
interface Owed {
  readonly itemId: () => string | undefined;
  readonly sinceMs: number;
}

/** A whole conversation in simulated time: server, loudspeaker, tools and a user, all driven by one seed. */
export class SimulatedTalk {
  readonly conversation: Conversation;
  readonly server: SimulatedServer;
  readonly player: SimulatedPlayer;
  readonly log: { readonly atMs: number; readonly input: Input; readonly effects: readonly Effect[] }[] = [];
  private readonly clock = new Clockwork();
  private readonly random: Random;
  private readonly witness: Witness;
  private readonly owed: Owed[] = [];
  private calledOffAtMs = -1;
  private brokenAtMs = -1;
  private speaking = false;
  /** Since when this connection hears what is being said. */
  private heardSinceMs = 0;
  /** The user's turn is open, or its sound is still needed. */
  private readonly turn = { open: false, ended: false };
  /** The next connection has to hear the turn again. */
  private resends = false;
  private truncations = new Map<string, number>();
  /** What the server calls the items that play, on this connection, and what the conversation calls them. */
  private readonly itemIds = new Map<string, string>();
  /** Handoffs, permissions, guardrails and other settings, too. */
  private readonly agents: SimulatedAgents | undefined;
  /** Samples rendered of answers when a guardrail stopped them. */
  private readonly stoppedAt = new Map<string, number>();

  /** What is not told is left to chance. */
  constructor(
    seed: number,
    private readonly profile: Profile,
    habits: Partial<ServerHabits> = {},
    eventful = false,
  ) {
    this.random = new Random(seed);
    const slow = this.random.chance(0.3);
    const chosen: ServerHabits = {
      echoes: this.random.chance(0.5),
      announces: this.random.chance(0.8),
      latencyMs: slow ? { least: 100, most: 600 } : { least: 5, most: 120 },
      callsTools: (response) => response <= 12 && this.random.chance(0.45),
      ...habits,
    };
    this.agents = eventful ? new SimulatedAgents(this.random) : undefined;
    this.conversation = new Conversation({
      profile,
      settings: this.agents?.settings('A') ?? { transcription: {} },
      agent: eventful ? 'A' : undefined,
      watchEcho: true,
      reconnects: true,
    });
    this.witness = new Witness(profile, this.conversation);
    this.server = new SimulatedServer(this.clock, this.random, profile, chosen, (event) =>
      this.feed({ type: 'model', event }),
    );
    this.player = new SimulatedPlayer(
      this.clock,
      () => this.random.between(0, 40),
      (input) => this.feed(input),
    );
  }

  /** The user does this many things, then everybody finishes. */
  play(acts: number): void {
    this.connect();
    let atMs = 1000;
    for (let act = 0; act < acts; act += 1) {
      atMs += this.random.between(50, 2500);
      this.clock.at(atMs, () => this.act());
    }
    this.settle(atMs);
  }

  /** The same on a line that breaks now and then. */
  playOnBrokenLine(acts: number, losses: number): void {
    this.connect();
    let atMs = 1000;
    for (let act = 0; act < acts; act += 1) {
      atMs += this.random.between(50, 2500);
      this.clock.at(atMs, () => this.act());
    }
    for (let loss = 0; loss < losses; loss += 1) {
      this.clock.at(this.random.between(1000, atMs), () => this.breakLine());
    }
    this.settle(atMs + 5000);
  }

  private drop(): void {
    this.server.drop();
    this.brokenAtMs = this.clock.nowMs;
    this.resends ||= this.turn.open || this.turn.ended;
    this.turn.open = false;
    this.turn.ended = false;
    // Who had asked what is another server's business now, and so are the ids of the old one.
    this.owed.length = 0;
    this.itemIds.clear();
  }

  private breakLine(): void {
    if (this.conversation.state === 'connecting' || this.conversation.state === 'reconnecting') return;
    this.drop();
    const ending = { exitCode: ExitCode.network, reason: 'link.lost' } as const;
    this.feed({ type: 'link.lost', code: 1006, reason: '', ending, retrying: true });
    this.clock.in(this.random.between(50, 3000), () => {
      this.server.connect();
      this.feed({ type: 'link.restored' });
    });
  }

  /** The user asks something that needs a tool, and speaks again around the time when its result is due. */
  race(): void {
    this.connect();
    this.clock.at(2000, () => this.speak());
    this.clock.in(this.random.between(3000, 9000), () => this.speak());
    this.settle(9000);
  }

  private connect(): void {
    this.server.connect();
    this.feed({ type: 'link.up' });
  }

  private settle(atMs: number): void {
    const endMs = atMs + drainMs;
    for (let at = 0; at <= endMs; at += tickMs) this.clock.at(at, () => this.feed({ type: 'tick' }));
    for (let at = 50; at <= endMs; at += reportMs) this.clock.at(at, () => this.player.tell());
    this.clock.runUntil(endMs);
  }

  end(): void {
    this.feed({ type: 'end', ending: { exitCode: ExitCode.ok, reason: 'quit' } });
    this.feed({ type: 'tick' });
  }

  private act(): void {
    if (this.agents !== undefined && this.random.chance(0.15)) {
      this.feed(this.agents.otherSettings());
      return;
    }
    const luck = this.random.next();
    if (luck < 0.65) this.speak();
    else if (luck < 0.8 && !this.speaking) this.type();
    else if (luck < 0.9) this.callOff();
  }

  private speak(): void {
    if (this.speaking) return;
    this.beginSpeech();
    const falseAlarm = this.random.chance(0.1);
    this.clock.in(this.random.between(50, 2000), () => this.endSpeech(falseAlarm));
  }

  private beginSpeech(): void {
    this.speaking = true;
    this.heardSinceMs = this.clock.nowMs;
    this.server.hear();
    if (this.profile.turns === 'none') this.feed({ type: 'user.speech' });
  }

  private endSpeech(falseAlarm: boolean): void {
    this.speaking = false;
    const sinceMs = this.clock.nowMs;
    if (this.profile.turns === 'none') {
      // What a broken line has swallowed is no turn, unless it was sent again.
      if (this.brokenAtMs < this.heardSinceMs) this.feed({ type: 'user.commit' });
    } else {
      const itemId = this.server.hearSilence(falseAlarm);
      if (itemId !== undefined) this.owed.push({ itemId: () => itemId, sinceMs });
    }
  }

  /** What the shell does when there is a connection again: the turn that is not settled is heard once more. */
  private resend(): void {
    const { state } = this.conversation;
    if (state === 'reconnecting' || state === 'ended') return;
    const spoken = this.resends;
    this.resends = false;
    this.feed({ type: 'sound.resent', spoken, lostMs: 0 });
    if (!spoken) return;
    this.turn.open = true;
    const goesOn = this.speaking;
    this.beginSpeech();
    if (!goesOn) this.clock.in(300, () => this.endSpeech(false));
  }

  private type(): void {
    const before = this.log.length;
    this.feed({ type: 'user.text', text: 'and this' });
    const effects = this.log.slice(before).flatMap((entry) => entry.effects);
    // With a handoff that has waited for it, the connection changes: who had asked what is another server's business
    // now.
    if (effects.some(({ type }) => type === 'reconnect')) return;
    for (const effect of effects) {
      if (effect.type !== 'send' || effect.command.type !== 'item.create') continue;
      const { itemId } = effect.command.item;
      this.owed.push({ itemId: () => itemId, sinceMs: this.clock.nowMs });
    }
  }

  private callOff(): void {
    this.calledOffAtMs = this.clock.nowMs;
    this.feed({ type: 'user.interrupt' });
  }

  private feed(input: Input): void {
    const { nowMs } = this.clock;
    this.witness.before(input, nowMs);
    const effects = this.conversation.handle(input, nowMs);
    this.witness.after(input, nowMs, effects);
    this.log.push({ atMs: nowMs, input, effects });
    for (const effect of effects) {
      if (effect.type === 'play' && input.type === 'model' && input.event.type === 'audio.delta')
        this.itemIds.set(input.event.itemId, effect.itemId);
      this.run(effect);
      if (effect.type === 'emit' && effect.event.type === 'assistant.text.delta')
        this.check(effect.event.responseId, effect.event.itemId);
    }
    const { state } = this.conversation;
    if (this.silences(input) && state !== 'connecting' && state !== 'reconnecting') {
      assert(this.player.silent, `silence after ${input.type}`);
    }
  }

  private silences(input: Input): boolean {
    if (input.type === 'model') return input.event.type === 'speech.started';
    if (input.type === 'user.text') return this.profile.typedText;
    return input.type === 'user.interrupt' || input.type === 'user.speech';
  }

  private run(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        this.server.receive(effect.command);
        if (effect.command.type === 'item.truncate') {
          const { itemId, audioEndMs } = effect.command;
          const own = this.itemIds.get(itemId);
          assert(own !== undefined, `${itemId} has sounded`);
          this.truncations.set(own, audioEndMs);
        }
        assert(
          !this.server.decidesVisibly || this.server.undecided.size <= 1,
          'one create in flight, as the server sees it',
        );
        break;
      case 'play':
        this.player.play(effect, effect.audio.byteLength / 2);
        break;
      case 'playback.clear':
        this.player.clear(effect.epoch);
        break;
      case 'reconnect':
        this.changeLine();
        break;
      case 'user.turn':
        this.turn.open = effect.state === 'open' || (effect.state === 'settled' && this.turn.open);
        this.turn.ended = effect.state === 'ended' || (effect.state === 'open' && this.turn.ended);
        break;
      case 'emit':
        if (effect.event.type === 'link.restored') this.clock.in(0, () => this.resend());
        break;
      case 'tool.run':
        this.runTool(effect.callId);
        break;
      default:
    }
  }

  private runTool(callId: string): void {
    const durationMs = this.random.between(1, 2500);
    const output = 'sunny';
    this.clock.in(durationMs, () => {
      const outcome = this.agents?.outcome(durationMs) ?? { kind: 'finished', output, durationMs };
      this.feed({ type: 'tool.ended', callId, outcome });
    });
    if (this.agents === undefined) return;
    if (this.random.chance(0.3)) this.feed({ type: 'tool.approval.required', callId });
    this.clock.in(this.random.between(0, 800), () => this.feed({ type: 'tool.began', callId }));
  }

  /** A guardrail may trip over these words, a while later. */
  private check(responseId: string, itemId: string): void {
    if (this.agents === undefined || !this.random.chance(0.02)) return;
    this.clock.in(this.random.between(0, 1500), () => {
      const trip = { guardrail: 'no secrets', message: 'said one', feedback: 'No secrets.' };
      this.feed({ type: 'guardrail.tripped', responseId, ...trip });
      assert(this.player.silentOf(itemId), 'nothing more of a stopped answer is heard');
      this.stoppedAt.set(itemId, this.player.renderedByItem.get(itemId) ?? 0);
    });
  }

  /** The other connection is asked for by the conversation itself. */
  private changeLine(): void {
    this.drop();
    this.clock.in(this.random.between(50, 1000), () => {
      this.server.connect();
      this.feed({ type: 'link.restored' });
    });
  }

  /** After the user has been quiet for long: nobody waits for anything. */
  checkSettled(): void {
    assert.deepEqual(this.server.faults, []);
    assert.equal(this.conversation.state, 'listening');
    assert.equal(this.server.active, undefined, 'the server has finished');
    const warnings = this.log.flatMap(({ effects }) => effects.flatMap(warningOf));
    assert(!warnings.includes('speech.lost'), 'what was said is sent again');
    for (const callId of this.server.calls.keys()) {
      assert.equal(this.server.outputs.get(callId), 1, `${callId} is answered once`);
    }
    for (const { itemId, sinceMs } of this.owed) this.checkAnswered(itemId(), sinceMs);
    for (const { input, effects, atMs } of this.log) {
      if (input.type !== 'tool.ended' || isQuiet(input.outcome)) continue;
      for (const effect of effects) {
        if (effect.type === 'send' && effect.command.type === 'item.create' && atMs > this.brokenAtMs)
          this.checkAnswered(effect.command.item.itemId, atMs);
      }
    }
    this.checkHeard();
  }

  /** Every answer knew something that no earlier one had known: nothing was answered twice. */
  checkNothingDoubled(): void {
    let before = 0;
    for (const { id, knew, unwanted } of this.server.responses) {
      if (unwanted) continue;
      assert(knew.size > before, `${id} answers something new`);
      before = knew.size;
    }
  }

  private checkAnswered(itemId: string | undefined, sinceMs: number): void {
    // He has called off what was pending then; a call may have been running for a while.
    if (itemId === undefined || sinceMs - 3000 <= this.calledOffAtMs) return;
    assert(
      this.server.responses.some(({ knew }) => knew.has(itemId)),
      `a response knows ${itemId}`,
    );
  }

  /** History and truncation say what the loudspeaker really did. */
  private checkHeard(): void {
    for (const [itemId, samples] of this.stoppedAt) {
      assert.equal(this.player.renderedByItem.get(itemId) ?? 0, samples, itemId);
    }
    for (const [itemId, audioEndMs] of this.truncations) {
      const renderedMs = (this.player.renderedByItem.get(itemId) ?? 0) / samplesPerMs;
      assert(
        Math.abs(renderedMs - audioEndMs) <= 10,
        `${itemId} truncated at ${audioEndMs} ms of ${renderedMs} ms`,
      );
    }
    for (const item of this.conversation.history) {
      if (item.kind !== 'message' || item.heardMs === undefined) continue;
      const renderedMs = (this.player.renderedByItem.get(item.itemId) ?? 0) / samplesPerMs;
      assert(Math.abs(renderedMs - item.heardMs) <= 10, `${item.itemId} heard for ${renderedMs} ms`);
      const letters = (item.heardMs * lettersPerS) / 1000;
      assert(item.text.length <= letters + 8, `"${item.text}" was not heard in ${item.heardMs} ms`);
    }
  }
}

function warningOf(effect: Effect): string[] {
  return effect.type === 'emit' && effect.event.type === 'warning' ? [effect.event.code] : [];
}

function isQuiet(outcome: ToolOutcome): boolean {
  return outcome.kind === 'finished' && outcome.quiet === true;
}
