import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type AgentSession,
  type ConnectOptions,
  connect,
  defineTool,
  VoxtermError,
} from '../../src/index.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { FakeSound } from '../../src/testing/fake-sound.js';
import { scenarioProvider } from '../../src/testing/scenario-provider.js';

async function talk(options: ConnectOptions): Promise<AgentSession> {
  const session = await connect({ env: {}, sound: null, ...options });
  onTestFinished(async () => void (await session.close()));
  return session;
}

async function answer(session: AgentSession): Promise<string> {
  for await (const event of session) if (event.type === 'assistant.text.done') return event.text;
  throw new Error('The session ended without an answer.');
}

describe('scenarioProvider', () => {
  it('runs tools of the program, and says what they gave', async () => {
    const asked: unknown[] = [];
    const readInvoice = defineTool({
      name: 'read_invoice',
      description: 'The amount of an invoice.',
      parameters: { type: 'object', properties: { number: { type: 'integer' } } },
      execute: (input) => {
        asked.push(input);
        return { amount: 12 };
      },
    });
    const session = await talk({
      provider: scenarioProvider({
        turns: [
          {
            when: 'invoice (\\d+)',
            tool: { name: 'read_invoice', arguments: { number: 7 } },
            afterTool: { tool: { name: 'read_invoice' }, said: 'It is {{tool.amount}} euros.' },
          },
        ],
      }),
      tools: [readInvoice],
    });
    await session.sendMessage('What is invoice 7?');
    expect(await answer(session)).toBe('It is 12 euros.');
    expect(asked).toEqual([{ number: 7 }, {}]);
  });

  it('plays a file, too', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'voxterm-')), 'scenario.json');
    writeFileSync(path, '{ "voice": "tone", "turns": [{ "said": "From a file." }] } // with a comment');
    const session = await talk({ provider: scenarioProvider(path) });
    await session.sendMessage('Hello');
    expect(await answer(session)).toBe('From a file.');
  });

  it('refuses what is not a scenario, where it is written', () => {
    const wrong = (): unknown => scenarioProvider(JSON.parse('{"turns":[{"said":"Hi"},{"sayd":"Ho"}]}'));
    expect(wrong).toThrow(VoxtermError);
    expect(wrong).toThrow('scenario.turns.1: unknown key "sayd".');
  });

  it('says which file there is not', async () => {
    await expect(talk({ provider: scenarioProvider('/nowhere.json') })).rejects.toMatchObject({
      exitCode: 2,
      message: 'There is no scenario file /nowhere.json.',
    });
  });

  it('interrupts at the sample at which the test does', async () => {
    const heard = async (): Promise<unknown> => {
      const sound = new FakeSound();
      const session = await talk({
        provider: scenarioProvider({ pace: 'fast', turns: [{ said: 'One two three four five six seven.' }] }),
        sound,
      });
      await session.sendMessage('Count.');
      await sound.queued(1000);
      sound.render(700);
      session.interrupt();
      for await (const event of session) if (event.type === 'playback.cleared') return event.heardMs;
      return undefined;
    };
    expect(await heard()).toBe(700);
    expect(await heard()).toBe(700);
  });

  it('waits on the clock that it is given', async () => {
    const clock = new FakeClock();
    const session = await talk({
      provider: scenarioProvider(
        { pace: 'fast', turns: [{ delayMs: 60_000, said: 'Sorry for the wait.' }] },
        { clock },
      ),
      now: clock.now,
    });
    const answered = answer(session);
    await session.sendMessage('Hello');
    // The server has taken the question when it waits.
    await expect.poll(() => clock.waiting).toBeGreaterThan(1);
    await clock.advance(60_000);
    expect(await answered).toBe('Sorry for the wait.');
  });

  it('ends a session at its limit when its clock says so', async () => {
    const clock = new FakeClock();
    const session = await talk({
      provider: scenarioProvider({ turns: [{ said: 'Hello.' }] }),
      limits: { maxDurationMs: 900_000 },
      now: clock.now,
    });
    await clock.advance(900_000);
    expect(await session.ended).toMatchObject({ exitCode: 8 });
  });
});
