import { profileFault } from './profile-shape.js';
import type { Subject } from './subject.js';

export function checkProfile({ provider, connection, runner, profile }: Subject): void {
  const { describe, it, expect } = runner;

  describe(`${provider.id}: profile`, () => {
    it('is plain data, the same every time', () => {
      expect(JSON.parse(JSON.stringify(profile()))).toEqual(profile());
    });

    it('is complete and free of contradictions', () => {
      refuse(profileFault(profile()));
    });

    it('names provider and model', () => {
      const { provider: id, model } = profile();
      expect({ id, model }).toEqual({ id: provider.id, model: connection.model });
      if (provider.id === '' || provider.title === '') throw new Error('`id` and `title` must not be empty.');
    });

    if (provider.callProfile !== undefined) {
      it('of a telephone call is complete, too', () => {
        const call = provider.callProfile?.(connection.model);
        if (call !== undefined) refuse(profileFault(call));
        expect(JSON.parse(JSON.stringify(call))).toEqual(call);
      });
    }
  });
}

function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw new Error(`${fault}.`);
}
