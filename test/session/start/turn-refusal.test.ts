import { describe, expect, it } from 'vitest';
import { refuseTurns } from '../../../src/session/start/turn-refusal.js';
import { profile } from '../fake-link.js';

const stubborn = { ...profile, clientTurns: false };

describe('turns that cannot be ended as asked', () => {
  it.each(['client', 'none'] as const)('%s is refused before anything is connected', (type) => {
    const refuse = () => refuseTurns(stubborn, { turnDetection: { type } }, 2);
    expect(refuse).toThrow(expect.objectContaining({ code: 'turns.unsupported', exitCode: 2 }));
    expect(() => refuseTurns(profile, { turnDetection: { type } })).not.toThrow();
  });

  it('what the provider does itself is never refused', () => {
    expect(() => refuseTurns(stubborn, { turnDetection: { type: 'server' } })).not.toThrow();
    expect(() => refuseTurns(stubborn, {})).not.toThrow();
  });
});
