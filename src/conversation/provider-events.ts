import type { ModelEvent } from '../contract/events.js';
import { type Ending, ExitCode } from '../contract/exit.js';
import type { AssistantTurns } from './assistant/assistant-turns.js';
import type { BargeIn } from './barge-in.js';
import type { Connection } from './connection.js';
import { isTidying, type Outbox } from './core/outbox.js';
import type { Trouble } from './core/trouble.js';
import type { History } from './memory/history.js';
import type { UsageMeter } from './spending/usage-meter.js';
import type { UserTurns } from './user/user-turns.js';

export interface ProviderEventsParts {
  readonly out: Outbox;
  readonly connection: Connection;
  readonly user: UserTurns;
  readonly assistant: AssistantTurns;
  readonly history: History;
  readonly bargeIn: BargeIn;
  readonly meter: UsageMeter;
  readonly trouble: Trouble;
  readonly end: (ending: Ending) => void;
}

/** What the provider says, brought to those whom it matters to. */
export class ProviderEvents {
  constructor(private readonly parts: ProviderEventsParts) {}

  said(event: ModelEvent): void {
    const { out, connection, user, assistant, bargeIn, history, meter, end } = this.parts;
    switch (event.type) {
      case 'session.created':
        connection.created(event);
        break;
      case 'session.updated':
        if (event.transcribes === false) user.words.notTranscribed();
        connection.updated(event);
        break;
      case 'session.ended':
        end({ exitCode: ExitCode.network, reason: 'session.ended', message: event.reason });
        break;
      case 'speech.started':
        bargeIn.speechStarted(event.itemId, event.audioStartMs);
        break;
      case 'speech.stopped':
        if (user.stopped(event.itemId, event.audioEndMs)) assistant.turnEnded();
        break;
      case 'input.committed':
        if (user.committed(event.itemId, event.previousItemId)) {
          assistant.owe(event.itemId);
          assistant.acknowledge(event.itemId);
        }
        bargeIn.committed(event.itemId);
        break;
      case 'input.cleared':
        user.cleared();
        break;
      case 'input.timeout':
        out.emit({
          type: 'input.timeout',
          ...(event.itemId === undefined ? {} : { itemId: event.itemId }),
        });
        break;
      case 'item.added':
      case 'item.done':
        assistant.acknowledge(event.item.itemId);
        break;
      case 'item.deleted':
        history.remove(event.itemId);
        break;
      case 'item.truncated':
      case 'output.started':
      case 'output.stopped':
      case 'output.cleared':
        assistant.speech.elsewhere(event);
        break;
      case 'user.transcript.delta':
        user.words.delta(event.itemId, event.delta);
        break;
      case 'user.transcript.updated':
        user.words.updated(event.itemId, event.text);
        break;
      case 'user.transcript.done':
        user.words.done(event.itemId, event.text);
        bargeIn.heard(event.itemId, event.text);
        break;
      case 'user.transcript.failed':
        user.words.failed(event.itemId, event.message);
        break;
      case 'interrupted':
        assistant.interruptions.yield({ cancel: false, byHand: false });
        break;
      case 'usage':
        meter.count(event.usage);
        break;
      case 'tool.call.cancelled':
        for (const callId of event.callIds) assistant.tools.calls.cancel(callId, 'cancelled by the model');
        break;
      case 'server.tool.started':
        assistant.serverToolStarted(event.itemId);
        break;
      case 'server.tool.done':
        assistant.tools.serverToolDone(event.itemId);
        break;
      case 'going.away':
        connection.goingAway(event.timeLeftMs);
        break;
      case 'error':
        this.failed(event);
        break;
      case 'resume.handle':
        connection.named(event.handle);
        break;
      case 'text.late':
        assistant.late(event);
        break;
      case 'rate.limits':
      case 'other':
        break;
      default:
        assistant.receive(event);
    }
  }

  private failed(event: Extract<ModelEvent, { type: 'error' }>): void {
    const { connection, user, assistant, trouble, end } = this.parts;
    if (event.fatal) {
      if (event.cause === 'expired' && connection.expired(event.message)) return;
      end(trouble.fatal(event));
      return;
    }
    const activeResponse = event.cause === 'activeResponse';
    const ours = assistant.createFailed(event.eventId, activeResponse);
    if (activeResponse) return;
    if (connection.refused(event)) return;
    if (user.commitFailed(event) || isTidying(event.eventId)) return;
    if (event.source === 'provider' && event.eventId === undefined && event.cause !== 'harmless') {
      assistant.doubtCreate(event.message);
    }
    trouble.report(event, ours);
  }
}
