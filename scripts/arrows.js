// The lint rule for layers: imports between the folders of src go one way. docs/architecture.md has the diagram.
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = join(dirname(fileURLToPath(import.meta.url)), '../src');

const rooms = {
  /** Below the assistant's. */
  conversation: ['core', 'memory', 'asking', 'spending', 'speech', 'tools', 'user'].map(
    (room) => `conversation/${room}`,
  ),
  engines: ['engines/core', 'engines/http', 'engines/hear', 'engines/think', 'engines/speak'],
  dialects: ['openai', 'beta', 'azure', 'gemini', 'dashscope', 'volcengine', 'yandex', 'xai', 'shared'].map(
    (name) => `simulator/dialects/${name}`,
  ),
  simulator: ['core', 'wire', 'session', 'scenario', 'dialects'].map((name) => `simulator/${name}`),
};

/** What every dialect of the simulator is built on. */
const dialectBase = [
  'contract',
  'base',
  'engines/core',
  'simulator/core',
  'simulator/requests',
  'simulator/store',
  'simulator/wire',
];

/**
 * For each folder or single file, what it may import; a folder stands for everything in it. What is not
 * listed (`commands`, `cli`, `testing`, and the entry points) may import everything, and none of these may import it.
 */
export const arrows = {
  contract: [],
  base: ['contract'],
  // Pure, so that the core may use it.
  'base/object-path.ts': ['base'],
  network: ['contract', 'base'],
  // Names of variables only. Tools must not see what they hold.
  'providers/provider-keys.ts': [],

  // The core. The modules above its folders may use all of them.
  'conversation/core': ['contract', 'base/object-path.ts'],
  'conversation/memory': ['contract', 'conversation/core'],
  'conversation/asking': ['contract', 'conversation/core'],
  'conversation/spending': ['contract', 'conversation/core', 'conversation/memory'],
  'conversation/speech': ['contract', 'conversation/core', 'conversation/memory'],
  'conversation/tools': ['contract', 'conversation/core', 'conversation/memory', 'conversation/asking'],
  'conversation/user': ['contract', 'conversation/core', 'conversation/memory'],
  'conversation/assistant': ['contract', ...rooms.conversation],
  conversation: ['contract', ...rooms.conversation, 'conversation/assistant'],

  // Sound. `audio/sound.ts` is its interface; the helper process is `audio/helper`; the session's side of it is above
  // both.
  'audio/sound.ts': ['contract'],
  'audio/samples': [],
  'audio/files': ['contract', 'base', 'audio/samples'],
  'audio/turns': ['contract', 'audio/samples'],
  'audio/microphone': ['contract', 'audio/sound.ts', 'audio/samples'],
  'audio/playback': ['contract', 'audio/sound.ts', 'audio/samples'],
  'audio/devices': ['contract', 'audio/sound.ts'],
  'audio/backends': ['contract', 'audio/sound.ts', 'audio/samples', 'audio/devices'],
  'audio/helper': [
    'contract',
    'audio/sound.ts',
    'audio/samples',
    'audio/microphone',
    'audio/playback',
    'audio/devices',
    'audio/backends',
  ],
  audio: [
    'contract',
    'base',
    'audio/sound.ts',
    'audio/samples',
    'audio/files',
    'audio/turns',
    'audio/microphone',
    'audio/playback',
    'audio/devices',
    'audio/backends',
    'audio/helper',
  ],

  // Tools. What a tool is, and how calls are run; `modules`, `command`, `weather` and `mcp` are kinds of tools.
  'tools/definition': ['contract', 'base'],
  'tools/processes': [],
  'tools/approval': ['base', 'tools/definition'],
  'tools/calls': ['contract', 'base', 'providers/provider-keys.ts', 'tools/definition'],
  'tools/command': ['contract', 'base', 'tools/definition', 'tools/processes', 'tools/calls'],
  'tools/weather': ['contract', 'network', 'tools/definition'],
  'tools/modules': ['contract', 'base', 'tools/definition', 'tools/processes', 'tools/calls'],
  'tools/mcp': ['contract', 'base', 'network', 'tools/definition', 'tools/processes'],
  tools: [
    'contract',
    'base',
    'tools/definition',
    'tools/processes',
    'tools/approval',
    'tools/calls',
    'tools/command',
    'tools/weather',
    'tools/modules',
    'tools/mcp',
  ],
  agents: ['contract', 'base', 'tools'],

  'engines/core': ['contract', 'base', 'audio'],
  'engines/http': ['contract', 'base', 'network', 'engines/core'],
  'engines/hear': ['contract', 'base', 'audio', 'engines/core', 'engines/http'],
  'engines/think': ['contract', 'base', 'engines/core', 'engines/http'],
  'engines/speak': ['contract', 'base', 'audio', 'engines/core', 'engines/http'],
  engines: ['contract', 'base', 'audio', ...rooms.engines],

  // It checks what providers and conversation do, so it shares no code with them.
  'simulator/core': ['contract', 'base', 'engines/core'],
  'simulator/requests': ['base', 'engines/core', 'simulator/core'],
  'simulator/store': ['simulator/core', 'simulator/requests'],
  'simulator/wire': ['contract', 'engines/core', 'simulator/core', 'simulator/requests', 'simulator/store'],
  'simulator/hearing': ['engines/core', 'simulator/core', 'simulator/requests', 'simulator/store'],
  'simulator/answering': [
    'engines/core',
    'simulator/core',
    'simulator/requests',
    'simulator/store',
    'simulator/hearing',
  ],
  'simulator/session': [
    'contract',
    'engines/core',
    'simulator/core',
    'simulator/requests',
    'simulator/store',
    'simulator/wire',
    'simulator/hearing',
    'simulator/answering',
  ],
  'simulator/scenario': ['contract', 'base', 'audio', 'engines', 'simulator/core'],
  // A vendor's dialect may import what all share, and the dialects that it is a variant of.
  'simulator/dialects/shared': dialectBase,
  'simulator/dialects/openai': [...dialectBase, 'simulator/dialects/shared'],
  'simulator/dialects/beta': [...dialectBase, 'simulator/dialects/shared'],
  'simulator/dialects/azure': [
    ...dialectBase,
    'simulator/dialects/shared',
    'simulator/dialects/openai',
    'simulator/dialects/beta',
  ],
  'simulator/dialects/gemini': [...dialectBase, 'audio', 'simulator/dialects/shared'],
  'simulator/dialects/dashscope': [...dialectBase, 'simulator/dialects/shared', 'simulator/dialects/beta'],
  'simulator/dialects/volcengine': [...dialectBase, 'simulator/dialects/shared', 'simulator/dialects/beta'],
  'simulator/dialects/yandex': [...dialectBase, 'simulator/dialects/shared'],
  'simulator/dialects/xai': [...dialectBase, 'simulator/dialects/shared'],
  'simulator/dialects': ['simulator/wire', ...rooms.dialects],
  simulator: ['contract', 'base', 'audio', 'engines', ...rooms.simulator],
  // The built-in provider starts the server that it talks to.
  providers: ['contract', 'base', 'providers/provider-keys.ts', 'audio', 'simulator', 'engines'],
  config: ['contract', 'base', 'providers', 'tools'],
  session: ['contract', 'base', 'network', 'conversation', 'audio', 'tools', 'agents', 'providers'],
  history: ['contract', 'base'],
  recording: ['contract', 'base', 'audio'],
  tracing: ['contract', 'base', 'audio', 'session'],

  // What the user sees and types.
  'terminal/display.ts': ['contract'],
  'terminal/text': ['base'],
  'terminal/transcript': ['contract', 'terminal/display.ts', 'terminal/text'],
  'terminal/input': ['contract', 'session', 'terminal/text', 'terminal/transcript'],
  'terminal/keys': ['contract', 'session', 'terminal/text'],
  'terminal/screen': [
    'contract',
    'session',
    'terminal/display.ts',
    'terminal/text',
    'terminal/transcript',
    'terminal/input',
    'terminal/keys',
  ],
  terminal: [
    'contract',
    'session',
    'terminal/display.ts',
    'terminal/text',
    'terminal/transcript',
    'terminal/input',
    'terminal/keys',
    'terminal/screen',
  ],
};

const places = Object.keys(arrows).sort((a, b) => b.length - a.length);

function refuseCircles() {
  const visit = (place, path) => {
    if (path.includes(place)) throw new Error(`Arrows run in a circle: ${[...path, place].join(' → ')}`);
    for (const next of arrows[place] ?? []) visit(next, [...path, place]);
  };
  for (const place of places) visit(place, []);
}
refuseCircles();

/** Path relative to src with forward slashes; undefined outside src. */
function below(path) {
  const inside = relative(src, path).split(sep).join('/');
  return inside.startsWith('..') ? undefined : inside;
}

function isIn(place, path) {
  return path === place || path.startsWith(`${place}/`);
}

function placeOf(path) {
  return places.find((place) => isIn(place, path));
}

function mayImport(place, path) {
  if (placeOf(path) === place) return true;
  return arrows[place].some((allowed) => isIn(allowed, path));
}

/** Test helpers are not part of the program. */
function isForTests(path) {
  return isIn('testing', path) || path === 'testing.ts';
}

/** @type {import('eslint').Rule.RuleModule} */
export const oneWay = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { wrong: '{{from}} must not import {{to}}: arrows point one way.' },
  },
  create(context) {
    const file = below(context.filename);
    if (file === undefined) return {};
    const from = placeOf(file);
    const check = (node) => {
      if (typeof node?.value !== 'string' || !node.value.startsWith('.')) return;
      const to = below(join(dirname(context.filename), node.value))?.replace(/\.js$/, '.ts');
      if (to === undefined) return;
      const allowed = from === undefined ? isForTests(file) || !isForTests(to) : mayImport(from, to);
      if (!allowed) context.report({ node, messageId: 'wrong', data: { from: from ?? file, to } });
    };
    return {
      ImportDeclaration: ({ source }) => check(source),
      ExportNamedDeclaration: ({ source }) => check(source),
      ExportAllDeclaration: ({ source }) => check(source),
      ImportExpression: ({ source }) => check(source),
      TSImportType: ({ source, argument }) => check(source ?? argument?.literal),
    };
  },
};
