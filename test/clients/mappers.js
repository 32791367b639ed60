import { readdirSync, readFileSync } from 'node:fs';

/**
 * The golden frames of a folder: what a server sends, and what our codec makes of it (the contract suite holds it to
 * that).
 */
export function loadScenes(folder) {
  const url = new URL(`../fixtures/frames/${folder}/`, import.meta.url);
  return readdirSync(url)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const { steps } = JSON.parse(readFileSync(new URL(file, url), 'utf8'));
      return { name: `${folder}/${file.replace('.json', '')}`, steps };
    });
}

/** What was understood of a scene, in the few words that everybody has for it. */
export class Findings {
  /** Final words of the user, by turn; the last text wins. */
  heard = new Map();
  /** Words of the answers, by item. */
  said = new Map();
  /** Bytes of sound, by item. */
  sound = new Map();
  calls = [];
  statuses = [];
  /** Tokens of input and output, by response in their order. */
  usage = [];

  word(map, key, text) {
    map.set(key, (map.get(key) ?? '') + text);
  }

  hear(itemId, base64) {
    this.sound.set(itemId, (this.sound.get(itemId) ?? 0) + Buffer.from(base64, 'base64').length);
  }

  call(callId, name, json) {
    this.calls.push({ callId, name, arguments: JSON.parse(json?.trim() || '{}') });
  }

  /** Only what the other side knows as well, all together where the items have no names of the server's. */
  as(fields, { named = true } = {}) {
    return Object.fromEntries(
      fields.map((field) => {
        const value = this[field];
        if (!(value instanceof Map)) return [field, value];
        const filled = [...value].filter(([, found]) => found !== '' && found !== 0);
        if (named) return [field, Object.fromEntries(filled)];
        const values = filled.map(([, found]) => found);
        return [field, field === 'sound' ? values.reduce((sum, bytes) => sum + bytes, 0) : values.join('')];
      }),
    );
  }
}

const tokens = ({ text, audio, image }) => text + audio + image;

/** What our codec understood. */
export function ours(steps) {
  const found = new Findings();
  for (const event of steps.flatMap(({ events }) => events)) {
    switch (event.type) {
      case 'user.transcript.done':
        found.heard.set(event.itemId, event.text);
        break;
      case 'user.transcript.updated':
        // After the end it is a correction, before that a part.
        if (found.heard.has(event.itemId)) found.heard.set(event.itemId, event.text);
        break;
      case 'text.delta':
        found.word(found.said, event.itemId, event.delta);
        break;
      case 'audio.delta':
        found.hear(event.itemId, event.audio);
        break;
      case 'tool.called':
        found.call(event.callId, event.name, event.arguments);
        break;
      case 'response.done':
        found.statuses.push(event.status);
        break;
    }
    // It comes with the end of an answer, or by itself.
    const { usage } = event;
    if (usage) found.usage.push({ input: tokens(usage.input), output: tokens(usage.output) });
  }
  return found;
}
