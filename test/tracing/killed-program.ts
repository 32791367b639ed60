// Killed while one span is open and another is done. `node --import ../typescript-hooks.mjs killed-program.ts FILE`
import { TraceFile } from '../../src/tracing/trace-file.js';

const sink = new TraceFile(process.argv[2] ?? '', () => {});
const parent = sink.start({ name: 'open', kind: 'internal', startMs: 0, attributes: {} });
sink.start({ name: 'done', kind: 'internal', parent, startMs: 1, attributes: {} }).end({ endMs: 2 });
process.kill(process.pid, 'SIGKILL');
