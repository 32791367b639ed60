import type { Command } from '../../src/contract/commands.js';
import type { ModelEvent } from '../../src/contract/events.js';
import { ExitCode } from '../../src/contract/exit.js';
import type { Profile } from '../../src/contract/profile.js';
import type { Link, LinkClosed } from '../../src/session/link/link.js';
import { fullProfile } from '../conversation/support/profiles.js';

export const profile: Profile = { ...fullProfile, provider: 'fake', model: 'fake-1' };

/** A connection whose other end is the test. */
export class FakeLink implements Link {
  onEvent: (event: ModelEvent) => void = () => {};
  onClosed: (closed: LinkClosed) => void = () => {};
  bufferedBytes = 0;
  closed = 0;
  readonly sent: Command[] = [];
  readonly sentRaw: (string | Uint8Array)[] = [];
  /** Answers to commands, sent at once. */
  answer: (command: Command) => readonly ModelEvent[] = () => [];

  send(command: Command): void {
    this.sent.push(command);
    for (const event of this.answer(command)) this.onEvent(event);
  }

  sendRaw(frame: string | Uint8Array): void {
    this.sentRaw.push(frame);
  }

  async drained(): Promise<void> {}

  async close(): Promise<void> {
    this.closed += 1;
  }

  receive(...events: ModelEvent[]): void {
    for (const event of events) this.onEvent(event);
  }

  open(): void {
    this.receive({ type: 'session.created', sessionId: 's1' }, { type: 'session.updated' });
  }

  drop(code = 1006): void {
    const message = 'The connection was lost.';
    const ending = { exitCode: ExitCode.network, reason: 'link.lost', message };
    this.onClosed({ code, reason: '', ending, retryable: true });
  }

  sentOf<T extends Command['type']>(type: T): Extract<Command, { type: T }>[] {
    return this.sent.filter((command): command is Extract<Command, { type: T }> => command.type === type);
  }
}
