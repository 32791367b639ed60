import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseScenario } from '../../src/simulator/scenario/scenario-file.js';
import { startLocalServer } from '../../src/simulator/server.js';
import { packageRoot } from '../built.js';

const run = promisify(execFile);
const folder = join(packageRoot, 'examples/agents');

/** Talks with an agent in writing, with the script in the place of a model. Standard error has to stay empty. */
async function talk(agent: string, words: string): Promise<string[]> {
  const env = { PATH: process.env.PATH ?? '', VOXTERM_SCENARIO: 'examples/scenarios/agents.json' };
  const { stdout, stderr } = await run(process.execPath, [join(folder, 'talk.mjs'), agent, words], { env });
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

describe('the examples with agents', () => {
  it('calls tools', async () => {
    expect(await talk('tools', 'How is the weather in Paris?')).toEqual([
      'you: How is the weather in Paris?',
      'get_weather: The weather in Paris is sunny, 72°F',
      'Assistant: The weather in Paris is sunny, 72°F',
    ]);
    expect(await talk('tools', 'I need an appointment.')).toContain(
      'book_appointment: Appointment booked for a haircut on Monday at nine',
    );
  });

  it('hands over', async () => {
    const said = await talk('handoffs', 'I was charged twice.');
    expect(said).toContain('Customer Service → Billing Support');
    expect(said.at(-1)).toBe('Billing Support: Billing Support here. Which charge do you mean?');
  });

  it('stops an answer that a guardrail does not let pass', async () => {
    const said = await talk('guardrail', 'How do I get through the door?');
    expect(said).toContain('stopped by: sensitive data');
    expect(said.at(-1)).toBe('Assistant: I cannot tell you that, but I gladly help with something else.');
  });

  it('take part in a telephone call until the caller hangs up', async () => {
    const scenario = {
      voice: 'tone',
      turns: [
        {
          heard: 'I was charged twice.',
          tool: { name: 'transfer_to_Billing_Support' },
          said: 'Billing Support here.',
        },
      ],
    };
    const server = await startLocalServer({ scenario: parseScenario(JSON.stringify(scenario), 'call') });
    onTestFinished(() => server.close());
    const env = { PATH: process.env.PATH ?? '', VOXTERM_PROVIDER: 'openai', VOXTERM_URL: server.url };
    const { stdout, stderr } = await run(process.execPath, [join(folder, 'telephone.mjs'), 'rtc_1'], { env });
    expect(stderr).toBe('');
    const said = stdout.trim().split('\n');
    expect(said).toContain('user.transcript.done I was charged twice.');
    expect(said).toContain('assistant.text.done Billing Support here.');
    expect(said.indexOf('agent.handoff ')).toBeGreaterThan(0);
    expect(said.at(-1)?.trim()).toBe('session.ended');
  });

  it('are no longer than what they are modelled on', () => {
    // Lines of code of the same agents in the guide of OpenAI's Agents SDK for Python.
    const guide = { tools: 14, handoffs: 17, guardrail: 11, telephone: 16 };
    const lines = (name: string) => code(name).filter((line) => !line.trim().startsWith('//')).length;
    const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
    expect(total(Object.keys(guide).map(lines))).toBeLessThanOrEqual(total(Object.values(guide)));
    // Words of the voice agent in Yandex' own documentation.
    const words =
      code('yandex')
        .join(' ')
        .match(/[\p{L}\p{N}_]+/gu) ?? [];
    expect(words.length).toBeLessThan(1170);
  });
});

function code(name: string): string[] {
  const text = readFileSync(join(folder, `${name}.mjs`), 'utf8');
  return text.split('\n').filter((line) => line.trim() !== '');
}
