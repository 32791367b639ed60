import type { Mind } from '../../../engines/core/stages.js';

/** A model that was given no tools talks instead of calling them, whatever a scenario says. */
export function withoutToolCalls(mind: Mind): Mind {
  return {
    faults: (request) => mind.faults?.(request),
    async *think(request, signal) {
      let silent = true;
      for await (const thought of mind.think(request, signal)) {
        if (thought.type === 'call') continue;
        silent = false;
        yield thought;
      }
      if (silent) yield { type: 'say', text: 'I have no way to look that up.' };
    },
  };
}
