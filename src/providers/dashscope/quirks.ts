import { toBase64 } from '../../base/base64.js';
import { isObject, type JsonObject } from '../../base/json.js';
import type { Command } from '../../contract/commands.js';
import type { ModelEvent } from '../../contract/events.js';
import type { Quirks } from '../compatible/switches.js';
import { explainedErrors } from './errors.js';
import type { Family } from './families.js';
import { ImageFeed } from './image-feed.js';
import { inputRateHz } from './profile.js';
import { dashscopeSession } from './session.js';

/** A tenth of a second of silence. */
const silence = Buffer.alloc(inputRateHz / 5).toString('base64');

/** The peculiarities of one connection. */
export function dashscopeQuirks(model: string, family: Family): Quirks {
  const images = new ImageFeed();
  let tools: readonly string[] = [];
  let manual = false;
  let told = false;

  return {
    command: (command) => (isUnknown(command, family) ? [] : images.revise(command)),

    session: (session, settings) => {
      const { turnDetection } = settings;
      if (turnDetection !== undefined)
        manual = turnDetection.type === 'none' || turnDetection.type === 'client';
      const written = dashscopeSession(session, settings, family);
      if (Array.isArray(written.tools)) tools = settings.tools?.map(({ name }) => name) ?? tools;
      else if (written.enable_search === true) tools = [];
      return written;
    },

    outgoing: (frame, command) => {
      if (command.type === 'item.create' && command.item.kind === 'image') {
        return {
          type: 'input_image_buffer.append',
          event_id: command.eventId,
          image: toBase64(command.item.data),
        };
      }
      // The server cancels the running response and knows no ids.
      return command.type === 'response.cancel' ? { type: frame.type, event_id: frame.event_id } : frame;
    },

    incoming: (frame) => {
      images.observe(frame);
      return withKnownNames(frame);
    },

    events: (events, frame) => {
      const explained = events.flatMap((event) => explainedErrors(event, family));
      if (images.takeOverlooked()) explained.push(imageOverlooked(model));
      if (told || !ignoresTools(frame, tools)) return explained;
      told = true;
      return [...explained, toolsIgnored(model, tools)];
    },

    // Pings do not count as activity. Silence changes nothing if the server detects turns; if we end them, it would
    // become part of the next turn.
    keepAlive: () => [
      manual ? { type: 'input_audio_buffer.clear' } : { type: 'input_audio_buffer.append', audio: silence },
    ],
  };
}

function isUnknown(command: Command, { keepsItems }: Family): boolean {
  return command.type === 'item.truncate' || (command.type === 'item.delete' && !keepsItems);
}

/** The server returns the settings in force and silently leaves out tools that it does not support. */
function ignoresTools(frame: JsonObject, tools: readonly string[]): boolean {
  if (frame.type !== 'session.updated' || tools.length === 0 || !isObject(frame.session)) return false;
  const echoed = frame.session.tools;
  return echoed === null || (Array.isArray(echoed) && echoed.length === 0);
}

function toolsIgnored(model: string, tools: readonly string[]): ModelEvent {
  return {
    type: 'error',
    code: 'tools.ignored',
    message: `${model} silently dropped the tools: it will not call ${tools.join(', ')}.`,
    hint: 'Choose a model with tools, for example qwen3.5-omni-flash-realtime.',
    facts: { model, tools, options: ['model'] },
    fatal: false,
    source: 'provider',
  };
}

function imageOverlooked(model: string): ModelEvent {
  return {
    type: 'error',
    code: 'image.waiting',
    message: `${model} has not seen the image: it sees images only together with speech.`,
    hint: 'Speak, and the image is sent with your speech.',
    fatal: false,
    source: 'provider',
  };
}

const transcription = 'conversation.item.input_audio_transcription';

/** The same frame with the names that the shared decoder reads. */
function withKnownNames(frame: JsonObject): JsonObject {
  switch (frame.type) {
    case `${transcription}.delta`:
    case `${transcription}.text`:
      return snapshot(frame);
    case 'response.done':
      return withImageTokens(frame);
    default:
      return frame;
  }
}

/** Some models call it a delta but send the whole transcript so far, with the uncertain end in `stash`. */
function snapshot(frame: JsonObject): JsonObject {
  const { text, stash } = frame;
  if (typeof text !== 'string' || typeof frame.delta === 'string') return frame;
  const transcript = text + (typeof stash === 'string' ? stash : '');
  return { ...frame, type: `${transcription}.updated`, transcript };
}

/** Images are counted as video. */
function withImageTokens(frame: JsonObject): JsonObject {
  const { response } = frame;
  if (!isObject(response) || !isObject(response.usage)) return frame;
  const { usage } = response;
  const details = usage.input_tokens_details;
  if (!isObject(details) || details.video_tokens === undefined) return frame;
  const counted = { image_tokens: details.video_tokens, ...details };
  return { ...frame, response: { ...response, usage: { ...usage, input_tokens_details: counted } } };
}
