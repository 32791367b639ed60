import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';
import type { Note } from '../../providers/provider.js';
import { sampleSettings } from './sample-commands.js';
import { facts, fields, listOf, optional, type Shape, text } from './shape.js';
import type { Subject } from './subject.js';

/** Shorter ones are words like `Bearer`. */
const shortestSecret = 7;

const notesShape = listOf(
  fields({ code: text, message: text, hint: optional(text), facts: optional(facts) } satisfies Shape<Note>),
);

export function checkConnection({ provider, connection, runner }: Subject): void {
  const { describe, it, expect } = runner;

  describe(`${provider.id}: connection`, () => {
    it('goes to a WebSocket address without secrets', async () => {
      const running = await provider.start?.(connection);
      try {
        const { url, headers } = running?.endpoint ?? provider.endpoint(connection);
        const { protocol, username, password } = new URL(url);
        if (!/^wss?:$/.test(protocol))
          throw new Error(`The address must begin with wss: or ws:, not ${protocol}`);
        expect(username + password).toEqual('');
        const sent = Object.values(headers).flatMap((value) => value.split(' '));
        const keys = provider.keyVariables.map((name) => connection.env[name] ?? '');
        for (const secret of [...sent, ...keys].filter(({ length }) => length >= shortestSecret)) {
          if (decodeURIComponent(url).includes(secret))
            throw new Error(
              'The address holds a secret, or the value of a header: send it as a header alone.',
            );
        }
      } finally {
        await running?.stop();
      }
    });

    if (provider.start === undefined) {
      it('goes to the same address every time', () => {
        expect(provider.endpoint(connection)).toEqual(provider.endpoint(connection));
      });
    }

    const [key] = provider.keyVariables;
    if (key !== undefined) {
      it('asks for a missing key by name', () => {
        const error = thrown(() => provider.endpoint({ model: connection.model, env: {} }));
        if (!(error instanceof VoxtermError))
          throw new Error(`Without a key \`endpoint\` must throw a VoxtermError, not ${String(error)}.`);
        expect(error.exitCode).toEqual(ExitCode.configuration);
        if (!error.message.includes(key)) throw new Error(`The message must name ${key}: ${error.message}`);
      });
    }

    if (provider.notes !== undefined) {
      it('has notes with a code and a sentence, the same every time', () => {
        for (const settings of sampleSettings) {
          const notes = provider.notes?.(settings, connection);
          const wrong = notesShape(notes, 'notes');
          if (wrong !== undefined) throw new Error(`${wrong}.`);
          expect(provider.notes?.(settings, connection)).toEqual(notes);
        }
      });
    }
  });
}

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return 'nothing';
}
