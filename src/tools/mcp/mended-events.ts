import { isObject } from '../../base/json.js';
import type { WaitingRequests } from './waiting-requests.js';

/**
 * Server-sent events with the messages in them mended. A message is taken from an event of any name, and from a last
 * event without the blank line that ends it.
 */
export class MendedEvents extends TransformStream<string, string> {
  constructor(waiting: WaitingRequests) {
    let parts: string[] = [];
    let event: string[] = [];
    const take = (lines: readonly string[], controller: TransformStreamDefaultController<string>) => {
      for (const line of lines) {
        if (line !== '') event.push(line);
        else if (event.length > 0) {
          controller.enqueue(mendedEvent(event, waiting));
          event = [];
        }
      }
    };
    super({
      transform(chunk, controller) {
        parts.push(chunk);
        if (!/[\r\n]/.test(chunk)) return;
        const text = parts.join('');
        // The line feed of a carriage return may be in the next chunk.
        const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
        const lines = whole.split(/\r\n|\n|\r/);
        parts = [`${lines.pop() ?? ''}${text.slice(whole.length)}`];
        take(lines, controller);
      },
      flush(controller) {
        take([...parts.join('').split(/\r\n|\n|\r/), ''], controller);
      },
    });
  }
}

function mendedEvent(lines: readonly string[], waiting: WaitingRequests): string {
  const asItWas = `${lines.join('\n')}\n\n`;
  const data = lines.filter((line) => /^data(:|$)/.test(line)).map((line) => line.replace(/^data:? ?/, ''));
  const messages = messagesIn(data.join('\n'), waiting);
  if (messages === undefined) return asItWas;
  const kept = lines.filter((line) => /^(id|retry):/.test(line));
  return messages
    .map((message) => `${[...kept, `data: ${JSON.stringify(message)}`].join('\n')}\n\n`)
    .join('');
}

function messagesIn(data: string, waiting: WaitingRequests): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(data);
    const all = Array.isArray(value) ? value : [value];
    return all.length > 0 && all.every(isMessage) ? waiting.mended(value) : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): boolean {
  return isObject(value) && ('method' in value || 'result' in value || 'error' in value);
}
