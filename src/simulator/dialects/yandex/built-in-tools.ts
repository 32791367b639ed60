import type { ContextItem, Mind, Thought } from '../../../engines/core/stages.js';
import type { NewId } from '../../core/ids.js';

/** Tools that run at the vendor, declared as functions of these names. */
const builtInTools: ReadonlyMap<string, string> = new Map([
  ['web_search', '{"results":[],"summary":"The search found nothing, because it is only simulated."}'],
  ['file_search', '{"results":[],"summary":"The files hold nothing, because they are only simulated."}'],
]);

/** Stops a model that searches endlessly. */
const mostRounds = 4;

type CallThought = Extract<Thought, { type: 'call' }>;

/** Calls of the built-in tools are answered inside the server; the client only gets the answer. */
export function withBuiltInTools(mind: Mind, newId: NewId): Mind {
  return {
    faults: (request) => mind.faults?.(request),
    async *think(request, signal) {
      let items = request.items;
      for (let round = 0; round < mostRounds && !signal.aborted; round += 1) {
        const calls: CallThought[] = [];
        for await (const thought of mind.think({ ...request, items }, signal)) {
          if (thought.type === 'call' && builtInTools.has(thought.name)) calls.push(thought);
          else yield thought;
        }
        if (calls.length === 0) return;
        items = [...items, ...calls.flatMap((call) => answered(call, newId))];
      }
    },
  };
}

function answered({ callId: given, name, arguments: args }: CallThought, newId: NewId): ContextItem[] {
  const callId = given ?? newId('call');
  return [
    { kind: 'call', callId, name, arguments: args },
    { kind: 'output', callId, output: builtInTools.get(name) ?? '{}' },
  ];
}
