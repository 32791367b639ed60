import { isObject, type JsonObject } from '../../../../src/base/json.js';
import type { NewItem } from '../../../../src/contract/items.js';
import type { SessionSettings } from '../../../../src/contract/settings.js';
import type { Cassette } from './cassette.js';
import { at, objectsAt, textAt } from './reading.js';

/** What the user of the recorded client did. */
export type Intent =
  | { readonly type: 'sound'; readonly audio: Uint8Array }
  | { readonly type: 'text'; readonly text: string }
  /** Part of the earlier conversation: sent to the server without asking for an answer. */
  | { readonly type: 'history'; readonly item: NewItem }
  | { readonly type: 'image'; readonly mime: string; readonly data: Uint8Array }
  | { readonly type: 'begin' }
  | { readonly type: 'commit' }
  | { readonly type: 'interrupt' }
  | { readonly type: 'result'; readonly callId: string; readonly output: string };

/**
 * The intent behind a frame. Frames that our conversation decides about itself (updates, creates, truncations) have
 * none.
 */
export function intentsOf({ provider, lines }: Cassette, index: number): Intent[] {
  const data = lines[index]?.data ?? {};
  if (provider === 'gemini') return ofGemini(data);
  switch (data.type) {
    case 'input_audio_buffer.append':
      return [{ type: 'sound', audio: bytes(textAt(data, 'audio')) }];
    case 'input_audio_buffer.commit':
      return [{ type: 'commit' }];
    case 'response.cancel':
      return [{ type: 'interrupt' }];
    case 'conversation.item.create': {
      const next = lines.slice(index + 1).find((line) => line.data.type !== 'input_audio_buffer.append');
      return ofItem(at(data, 'item'), next?.direction === 'sent' && next.data.type === 'response.create');
    }
    default:
      return [];
  }
}

function ofItem(item: unknown, answered: boolean): Intent[] {
  if (at(item, 'type') === 'function_call_output') {
    return [{ type: 'result', callId: textAt(item, 'call_id') ?? '', output: textAt(item, 'output') ?? '' }];
  }
  const role = at(item, 'role');
  if (role !== 'user' && role !== 'assistant' && role !== 'system') return [];
  return objectsAt(item, 'content').flatMap((part): Intent[] => {
    const [, mime, base64] = /^data:(.*?);base64,(.*)$/.exec(textAt(part, 'image_url') ?? '') ?? [];
    if (mime !== undefined) return [{ type: 'image', mime, data: bytes(base64) }];
    const text = textAt(part, 'text') ?? '';
    if (answered && role === 'user') return [{ type: 'text', text }];
    return [{ type: 'history', item: { kind: 'message', role, text } }];
  });
}

function ofGemini(message: JsonObject): Intent[] {
  const input = at(message, 'realtimeInput');
  const content = at(message, 'clientContent');
  const intents: Intent[] = [];
  if (at(input, 'audio') !== undefined) {
    intents.push({ type: 'sound', audio: bytes(textAt(input, 'audio', 'data')) });
  }
  if (at(input, 'video') !== undefined) {
    const mime = textAt(input, 'video', 'mimeType') ?? 'image/jpeg';
    intents.push({ type: 'image', mime, data: bytes(textAt(input, 'video', 'data')) });
  }
  const text = textAt(input, 'text');
  if (text !== undefined) intents.push({ type: 'text', text });
  if (at(input, 'activityStart') !== undefined) intents.push({ type: 'begin' });
  if (at(input, 'activityEnd') !== undefined || at(input, 'audioStreamEnd') === true)
    intents.push({ type: 'commit' });
  const turns = objectsAt(content, 'turns');
  turns.forEach((turn, index) => {
    const said = objectsAt(turn, 'parts')
      .map((part) => textAt(part, 'text') ?? '')
      .join('');
    const last = index === turns.length - 1 && at(content, 'turnComplete') === true;
    const role = turn.role === 'model' ? 'assistant' : 'user';
    intents.push(
      last ? { type: 'text', text: said } : { type: 'history', item: { kind: 'message', role, text: said } },
    );
  });
  for (const response of objectsAt(message, 'toolResponse', 'functionResponses')) {
    const output = JSON.stringify(response.response ?? {});
    intents.push({ type: 'result', callId: textAt(response, 'id') ?? '', output });
  }
  return intents;
}

function bytes(base64 = ''): Uint8Array {
  const all = Buffer.from(base64, base64.includes('-') || base64.includes('_') ? 'base64url' : 'base64');
  // Recordings shorten audio, and may cut a sample in half.
  return new Uint8Array(all.subarray(0, all.length & ~1));
}

/** Our settings for what the recorded client asked for. */
export function settingsOf({ lines }: Cassette): SessionSettings {
  const sent = lines.filter(({ direction }) => direction === 'sent').map(({ data }) => data);
  const first = sent.find((data) => data.type === 'session.update' || data.setup !== undefined);
  const session = at(first, 'session') ?? at(first, 'setup') ?? {};
  const modalities = at(session, 'output_modalities') ?? at(session, 'modalities');
  const written = Array.isArray(modalities) && modalities.join() === 'text';
  const instructions =
    textAt(session, 'instructions') ??
    objectsAt(session, 'systemInstruction', 'parts')
      .map((part) => textAt(part, 'text') ?? '')
      .join('');
  const tools = [
    ...objectsAt(session, 'tools'),
    ...objectsAt(session, 'tools').flatMap((tool) => declared(tool)),
  ]
    .filter((tool) => typeof tool.name === 'string')
    .map((tool) => ({
      name: String(tool.name),
      description: textAt(tool, 'description') ?? '',
      parameters: isObject(tool.parameters) ? tool.parameters : { type: 'object', properties: {} },
      ...(tool.behavior === 'NON_BLOCKING' && { blocking: false }),
    }));
  return {
    instructions,
    transcription: {},
    ...(tools.length > 0 && { tools }),
    ...(written && { modality: 'text' as const }),
    ...(endsByHand(session) && { turnDetection: { type: 'none' as const } }),
  };
}

function declared(tool: JsonObject): JsonObject[] {
  return objectsAt(tool, 'functionDeclarations');
}

function endsByHand(session: unknown): boolean {
  const places = [session, at(session, 'audio', 'input')];
  const off = places.some((place) => {
    if (!isObject(place) || !('turn_detection' in place)) return false;
    return place.turn_detection === null || at(place, 'turn_detection', 'type') === undefined;
  });
  return off || at(session, 'realtimeInputConfig', 'automaticActivityDetection', 'disabled') === true;
}
