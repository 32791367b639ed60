import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/contract/effects.js';
import type { ImageRules } from '../../../src/contract/profile.js';
import { Conversation } from '../../../src/conversation/conversation.js';
import { fullProfile } from '../support/profiles.js';

const rules: ImageRules = {
  mimes: ['image/jpeg'],
  maxBytes: null,
  maxWidth: null,
  maxHeight: null,
  everyS: 1,
  afterAudio: false,
};

function ready(images: ImageRules | null): Conversation {
  const conversation = new Conversation({
    profile: { ...fullProfile, images },
    settings: {},
    watchEcho: false,
  });
  conversation.handle({ type: 'link.up' }, 0);
  conversation.handle({ type: 'model', event: { type: 'session.created', sessionId: 's' } }, 1);
  conversation.handle({ type: 'model', event: { type: 'session.updated' } }, 2);
  return conversation;
}

function show(conversation: Conversation, nowMs: number, first = 1): Effect[] {
  return conversation.handle(
    { type: 'user.image', mime: 'image/jpeg', data: new Uint8Array([first]) },
    nowMs,
  );
}

/** First bytes of the pictures that were sent. */
function sent(effects: readonly Effect[]): (number | undefined)[] {
  return effects.flatMap((effect) =>
    effect.type === 'send' && effect.command.type === 'item.create' && effect.command.item.kind === 'image'
      ? [effect.command.item.data[0]]
      : [],
  );
}

const warnings = (effects: readonly Effect[]): string[] =>
  effects.flatMap((effect) =>
    effect.type === 'emit' && effect.event.type === 'warning' ? [effect.event.code] : [],
  );

describe('pictures', () => {
  it('go out at once where nothing limits them', () => {
    const conversation = ready({ ...rules, everyS: 0 });
    expect([1, 2, 3].flatMap((n) => sent(show(conversation, 10, n)))).toEqual([1, 2, 3]);
  });

  it('wait for their second where the model takes one in a second', () => {
    const conversation = ready(rules);
    expect(sent(show(conversation, 10, 1))).toEqual([1]);
    expect(sent(show(conversation, 20, 2))).toEqual([]);
    expect(sent(show(conversation, 30, 3))).toEqual([]);
    expect(sent(conversation.handle({ type: 'tick' }, 1000))).toEqual([]);
    expect(sent(conversation.handle({ type: 'tick' }, 1010))).toEqual([2]);
    expect(sent(conversation.handle({ type: 'tick' }, 2010))).toEqual([3]);
  });

  it('are not kept without end', () => {
    const conversation = ready(rules);
    const effects = Array.from({ length: 12 }, (_, n) => show(conversation, 10, n)).flat();
    expect(sent(effects)).toEqual([0]);
    expect(warnings(effects)).toEqual(['image.dropped', 'image.dropped', 'image.dropped']);
  });

  it('are refused for a model that sees nothing', () => {
    const effects = show(ready(null), 10);
    expect([sent(effects), warnings(effects)]).toEqual([[], ['image.unsupported']]);
  });
});

it('keeps the latest ones that are shown while there is no connection', () => {
  const conversation = new Conversation({
    profile: { ...fullProfile, images: { ...rules, everyS: 0 } },
    settings: {},
    watchEcho: false,
  });
  conversation.handle({ type: 'link.up' }, 0);
  for (let first = 1; first <= 20; first += 1) show(conversation, first, first);
  conversation.handle({ type: 'model', event: { type: 'session.created', sessionId: 's' } }, 30);
  const effects = conversation.handle({ type: 'model', event: { type: 'session.updated' } }, 31);
  expect(sent(effects)).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
});
