import type { Mind } from '../../../src/engines/core/stages.js';
import { loadDialect } from '../../../src/simulator/dialects/table.js';
import type { Dialect, Upgrade, Verdict } from '../../../src/simulator/wire/dialect.js';
import type { DialectId } from '../../../src/simulator/wire/dialect-ids.js';
import type { DialectOptions } from '../../../src/simulator/wire/dialect-options.js';
import { type DriverOptions, noisySpeech, record, SessionDriver, silence } from '../session-driver.js';

export interface UpgradeOptions {
  readonly headers?: Upgrade['headers'];
  readonly protocols?: readonly string[];
  readonly token?: string | null;
}

export function judge(dialect: Dialect, path: string, options: UpgradeOptions = {}): Verdict {
  const { headers = {}, protocols = [], token = null } = options;
  return dialect.judge({
    url: new URL(path, 'ws://localhost'),
    headers,
    protocols,
    token,
    model: undefined,
  });
}

/** The refusal of an upgrade, its body read. */
export function refusalOf(verdict: Verdict): { status: number; body: unknown } {
  if (verdict.kind !== 'refused') throw new Error(`not refused but ${verdict.kind}`);
  return { status: verdict.status, body: JSON.parse(verdict.body) };
}

/** The dismissal of a client: accepted, sent a reason, and closed. */
export function dismissalOf(verdict: Verdict): { code: number; reason: string; events: unknown[] } {
  if (verdict.kind !== 'dismissed') throw new Error(`not dismissed but ${verdict.kind}`);
  const events = verdict.frames.map((frame): unknown => JSON.parse(String(frame)));
  return { code: verdict.code, reason: verdict.reason, events };
}

export interface Visit extends UpgradeOptions, Omit<DriverOptions, 'model' | 'interpreter'> {
  /** Where the client connects; default the dialect's own address. */
  readonly path?: string;
}

/** A client's connection to a dialect, without a socket, with a fake clock. */
export function visit(dialect: Dialect, { path, ...options }: Visit = {}): SessionDriver {
  const verdict = judge(dialect, path ?? dialect.path, options);
  if (verdict.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(verdict)}`);
  return new SessionDriver({ ...options, model: verdict.model, interpreter: verdict.interpreter });
}

export async function connect(id: DialectId, options: Visit & DialectOptions = {}): Promise<SessionDriver> {
  return visit(await loadDialect(id, options), options);
}

/** 20 ms appends at a rate of the dialect's own: silence, speech, and silence enough for the turn to end. */
export async function speakAt(
  driver: SessionDriver,
  rateHz: number,
  { speechMs = 1000, silenceMs = 1200 }: { speechMs?: number; silenceMs?: number } = {},
): Promise<void> {
  const chunk = rateHz / 50;
  await driver.hear(silence(300, rateHz), chunk);
  await driver.hear(noisySpeech(speechMs, rateHz), chunk);
  await driver.hear(silence(silenceMs, rateHz), chunk);
}

/** Bytes of sound in all events of a type. */
export function soundBytes(driver: SessionDriver, type: string): number {
  return driver.all(type).reduce((sum, { delta }) => sum + Buffer.from(String(delta), 'base64').length, 0);
}

/** The types without repetitions of the same one in a row. */
export function order(driver: SessionDriver): string[] {
  return driver.types.filter((type, index) => type !== driver.types[index - 1]);
}

export function session(driver: SessionDriver, type = 'session.updated'): Record<string, unknown> {
  return record(driver.last(type).session);
}

export function response(driver: SessionDriver, type = 'response.done'): Record<string, unknown> {
  return record(driver.last(type).response);
}

/** Says how long the conversation is that it was given. */
export const countingMind: Mind = {
  async *think({ items }) {
    yield { type: 'say', text: `${items.length} items.` };
  },
};

export const weatherTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

export const weatherScenario = {
  turns: [
    {
      heard: 'How is the weather in Paris?',
      tool: { name: 'get_weather', arguments: { city: 'Paris' } },
      afterTool: { said: 'It is {{tool.weather}}.' },
    },
    { heard: 'Thank you.', said: 'You are welcome.' },
  ],
};
