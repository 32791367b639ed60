import { builtInStages } from '../../../../src/engines/built-in.js';
import { toneVoice } from '../../../../src/engines/speak/tones.js';
import type { NewId } from '../../../../src/simulator/core/ids.js';
import { geminiDialect } from '../../../../src/simulator/dialects/gemini/dialect.js';
import { parseScenario } from '../../../../src/simulator/scenario/scenario-file.js';
import { paceOf, scenarioStages } from '../../../../src/simulator/scenario/scenario-script.js';
import { RealtimeSession } from '../../../../src/simulator/session/realtime-session.js';
import type { Connection, Interpreter } from '../../../../src/simulator/wire/dialect.js';
import { FakeClock, settle } from '../../fake-clock.js';
import { join, noisySpeech, silence } from '../../session-driver.js';

export type Message = Readonly<Record<string, unknown>>;

export const modelNow = 'models/gemini-3.1-flash-live-preview';
export const modelBefore = 'models/gemini-2.5-flash-native-audio-preview-12-2025';

interface LiveServerOptions {
  readonly scenario?: object;
  readonly connectionLimitS?: number;
}

/** The dialect without sockets, with a fake clock. Several connections share its conversations. */
export class LiveServer {
  readonly clock = new FakeClock();
  private readonly dialect;
  private readonly script;
  private ids = 0;

  constructor({ scenario, connectionLimitS }: LiveServerOptions = {}) {
    this.dialect = geminiDialect({ connectionLimitS });
    this.script =
      scenario === undefined
        ? undefined
        : parseScenario(JSON.stringify({ voice: 'tone', ...scenario }), 'test');
  }

  connect(version = 'v1beta'): LiveClient {
    const url = new URL(
      `ws://localhost/ws/google.ai.generativelanguage.${version}.GenerativeService.BidiGenerateContent`,
    );
    const verdict = this.dialect.judge({ url, headers: {}, protocols: [], token: null, model: undefined });
    if (verdict.kind !== 'accepted') throw new Error('the upgrade was not accepted');
    return new LiveClient(this.clock, (client) => this.open(client, verdict.interpreter));
  }

  /** Connected and set up. */
  async ready(setup: object = {}, version?: string): Promise<LiveClient> {
    const client = this.connect(version);
    client.send({ setup: { model: modelNow, outputAudioTranscription: {}, ...setup } });
    await settle();
    return client;
  }

  private open(client: LiveClient, interpreter: (connection: Connection) => Interpreter): RealtimeSession {
    const newId: NewId = (prefix) => {
      this.ids += 1;
      return `${prefix}_${this.ids}`;
    };
    const { script, clock } = this;
    const session = new RealtimeSession({
      model: 'gemini',
      limitS: undefined,
      interpreter,
      newId,
      clock,
      language: undefined,
      pace: paceOf(script) ?? 5,
      stages:
        script === undefined ? builtInStages(toneVoice) : scenarioStages(script, toneVoice, newId, clock),
      wire: {
        send: (frame) => {
          if (typeof frame === 'string') throw new Error('this server speaks in binary messages');
          client.received.push(JSON.parse(Buffer.from(frame).toString()));
        },
        close: (code, reason) => client.wasClosed(code, reason),
      },
    });
    session.start();
    return session;
  }
}

export class LiveClient {
  readonly received: Message[] = [];
  closed: { code: number; reason: string } | undefined;
  private readonly session: RealtimeSession;

  constructor(
    private readonly clock: FakeClock,
    open: (client: LiveClient) => RealtimeSession,
  ) {
    this.session = open(this);
  }

  send(...messages: object[]): void {
    for (const message of messages) this.session.receive(JSON.stringify(message));
  }

  sendRaw(frame: string | Uint8Array): void {
    this.session.receive(frame);
  }

  type(text: string): void {
    this.send({ realtimeInput: { text } });
  }

  /** Sound in 20 ms messages, as from a microphone. */
  hear(samples: Int16Array, rateHz = 16_000, mimeType = `audio/pcm;rate=${rateHz}`): void {
    const chunk = rateHz / 50;
    for (let from = 0; from < samples.length; from += chunk) {
      const data = Buffer.from(samples.slice(from, from + chunk).buffer).toString('base64');
      this.send({ realtimeInput: { audio: { mimeType, data } } });
    }
  }

  /** Speaks, and is then silent long enough for the turn to end. */
  speak(speechMs = 1000, rateHz = 16_000): void {
    this.hear(join(silence(300, rateHz), noisySpeech(speechMs, rateHz), silence(900, rateHz)), rateHz);
  }

  leave(): void {
    this.session.end();
  }

  wasClosed(code: number, reason: string): void {
    this.closed = { code, reason };
    this.session.end();
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms);
  }

  forget(): void {
    this.received.length = 0;
  }

  /**
   * What each message holds: `audio+words`, `toolCall` and so on; equal neighbours once. The words of the user come
   * at no fixed place and are left out.
   */
  get outline(): string[] {
    const all = this.received.map(outlineOf).filter((name) => name !== 'inputTranscription');
    return all.filter((name, n) => name !== all[n - 1]);
  }

  /** Every value of a field, from the top or inside `serverContent`. */
  all(field: string): unknown[] {
    return this.received.flatMap((message) => {
      const content = record(message.serverContent ?? {});
      const value = message[field] ?? content[field];
      return value === undefined ? [] : [value];
    });
  }

  words(field: 'outputTranscription' | 'inputTranscription'): string {
    return this.all(field)
      .map((value) => String(record(value).text))
      .join('');
  }

  /** Of the sound received: milliseconds at 24 kHz. */
  get soundMs(): number {
    const parts = this.all('modelTurn').flatMap((turn) => list(record(turn).parts));
    return parts.reduce<number>((sum, part) => {
      const { data } = record(record(part).inlineData);
      return sum + Buffer.from(String(data), 'base64').length / 48;
    }, 0);
  }
}

function outlineOf(message: Message): string {
  const content = record(message.serverContent ?? {});
  const names: string[] = [
    ...Object.keys(message).filter((key) => key !== 'serverContent'),
    ...Object.keys(content).map((key) => ({ modelTurn: 'audio', outputTranscription: 'words' })[key] ?? key),
  ];
  return names.join('+');
}

export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null)
    throw new Error(`${JSON.stringify(value)} is not an object`);
  return { ...value };
}

export function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${JSON.stringify(value)} is not an array`);
  return value;
}
