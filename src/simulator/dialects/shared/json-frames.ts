import { isObject, type JsonObject } from '../../../base/json.js';
import type { Frame } from '../../../contract/frame.js';
import type { NewId } from '../../core/ids.js';
import { Refusal } from '../../core/refusal.js';
import type { ServerEvent } from '../../core/server-event.js';
import { eventIdOf, parseFrame } from '../../requests/request-reader.js';

/** Both directions as JSON objects, for dialects that are JSON text like OpenAI's. */
export interface JsonTranslation {
  /** @throws Refusal, see Interpreter. */
  read(request: JsonObject): readonly unknown[];
  write(event: ServerEvent): readonly ServerEvent[];
}

/** JSON text on the wire; every event gets an `event_id`, and every refusal names the client's own. */
export function jsonFrames(
  newId: NewId,
  translation: JsonTranslation,
): { read(frame: Frame): readonly unknown[]; write(event: ServerEvent): readonly Frame[] } {
  return {
    read: (frame) => {
      const request = parseFrame(textOf(frame));
      try {
        return isObject(request) ? translation.read(request) : [request];
      } catch (error) {
        throw error instanceof Refusal ? error.about(eventIdOf(request)) : error;
      }
    },
    write: (event) => translation.write(event).map((written) => jsonFrame(newId, written)),
  };
}

export function jsonFrame(newId: NewId, { type, ...fields }: ServerEvent): string {
  return JSON.stringify({ type, event_id: newId('event'), ...fields });
}

/** Clients may send their JSON as a binary message. */
function textOf(frame: Frame): string {
  return typeof frame === 'string' ? frame : new TextDecoder().decode(frame);
}
