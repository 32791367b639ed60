import { isObject } from '../../../base/json.js';
import type { Stages } from '../../../engines/core/stages.js';
import type { ServerEvent } from '../../core/server-event.js';
import { gaRequests } from '../../requests/request-schema.js';
import type { Item } from '../../store/items.js';
import type { Connection, Interpreter, Verdict } from '../../wire/dialect.js';
import { jsonFrame, jsonFrames } from '../shared/json-frames.js';
import { openaiRefusal } from '../shared/refusals.js';
import { callerSpeech } from './caller-speech.js';
import { OutputBuffer } from './output-buffer.js';

/** What a call keeps between connections. */
interface Call {
  turnsLeft: number;
  stages?: Stages;
  items: readonly Item[];
  over: boolean;
}

/** How long the caller pauses before speaking again, or hanging up. */
const pauseMs = 500;
/** How long the caller waits for a client to configure the session. */
const settingsTimeoutMs = 2000;

/**
 * Telephone calls by their ids: every id that begins with `rtc_` is a call, until its caller hangs up. The sound of a
 * call does not pass through its clients: callers speak by themselves, as often as the scenario has turns, and then
 * hang up.
 */
export class SimulatedCalls {
  private readonly calls = new Map<string, Call>();

  constructor(private readonly turns: number) {}

  judge(callId: string, model: string): Verdict {
    const call = this.find(callId);
    // The status is reported of api.openai.com, which says nothing more.
    if (call === undefined)
      return openaiRefusal(404, 'call_not_found', `There is no call ${callId.slice(0, 80)}.`);
    return {
      kind: 'accepted',
      model,
      interpreter: (connection) => new CallSide(connection, call).interpreter,
    };
  }

  private find(callId: string): Call | undefined {
    if (!/^rtc_[\w-]+$/.test(callId)) return undefined;
    const known = this.calls.get(callId);
    if (known !== undefined) return known.over ? undefined : known;
    const call: Call = { turnsLeft: this.turns, items: [], over: false };
    this.calls.set(callId, call);
    return call;
  }
}

/** One client's part in a call. */
class CallSide {
  readonly interpreter: Interpreter;
  private readonly output: OutputBuffer;
  private cancelTimer: () => void = () => {};
  private configured = false;
  /** The answer in progress calls tools, so the client continues the conversation. */
  private awaitsClient = false;

  constructor(
    private readonly connection: Connection,
    private readonly call: Call,
  ) {
    const { newId, clock } = connection;
    this.output = new OutputBuffer(clock, {
      send: (event) => connection.send(jsonFrame(newId, event)),
      truncate: (itemId, heardMs) =>
        connection.request({
          type: 'conversation.item.truncate',
          item_id: itemId,
          content_index: 0,
          audio_end_ms: heardMs,
        }),
      drained: () => this.proceed(),
    });
    this.interpreter = {
      rules: { requests: gaRequests, limitS: 3600 },
      ...jsonFrames(newId, {
        read: (request) => this.read(request),
        write: (event) => this.write(event),
      }),
      stages: (stages) => (call.stages ??= stages),
      earlier: call.items,
      opened: () => this.schedule(settingsTimeoutMs),
      ended: (items) => {
        this.cancelTimer();
        this.output.end();
        call.items = items;
      },
    };
  }

  private read(request: Readonly<Record<string, unknown>>): readonly unknown[] {
    switch (request.type) {
      case 'output_audio_buffer.clear':
        this.output.clear();
        return [];
      // The sound of a call comes from its line.
      case 'input_audio_buffer.append':
        return [];
      default:
        return [request];
    }
  }

  private write(event: ServerEvent): readonly ServerEvent[] {
    switch (event.type) {
      case 'session.updated':
        if (!this.configured) this.schedule(pauseMs);
        this.configured = true;
        return [event];
      case 'response.created':
        this.cancelTimer();
        return [event];
      case 'response.output_audio.delta':
        this.output.receive(event);
        return [];
      case 'input_audio_buffer.speech_started':
        this.interrupt();
        return [event];
      case 'response.done':
        this.awaitsClient = callsTools(event);
        // After this event is on the wire.
        this.connection.clock.after(0, () => this.output.complete(event));
        return [event];
      default:
        return [event];
    }
  }

  /** The caller speaks. The session announces it, stops its answer itself, and may begin the next one at once. */
  private interrupt(): void {
    const { responseId } = this.output;
    if (responseId !== undefined) this.connection.clock.after(0, () => this.output.clear(responseId));
  }

  /** The answer has been played to its end. */
  private proceed(): void {
    if (!this.awaitsClient) this.schedule(pauseMs);
  }

  private schedule(delayMs: number): void {
    this.cancelTimer();
    this.cancelTimer = this.connection.clock.after(delayMs, () => this.act());
  }

  private act(): void {
    const { call, connection } = this;
    if (call.turnsLeft > 0) {
      call.turnsLeft -= 1;
      connection.request({ type: 'input_audio_buffer.append', audio: callerSpeech() });
      return;
    }
    call.over = true;
    connection.close(1000, '');
  }
}

function callsTools({ response }: ServerEvent): boolean {
  if (!isObject(response) || !Array.isArray(response.output)) return false;
  return response.output.some((item) => isObject(item) && item.type === 'function_call');
}
