import { Worker } from 'node:worker_threads';

const hangMs = 15_000;
const longestNote = 300;

/** A loop without end cannot be interrupted from the thread it runs in, so another one watches it. */
const watch = `
const { workerData } = require('node:worker_threads');
const counter = new Int32Array(workerData.counter);
const note = new Uint8Array(workerData.note);
let seen = -1;
let since = Date.now();
setInterval(() => {
  const now = Atomics.load(counter, 0);
  if (now !== seen || now === 0) { seen = now; since = Date.now(); return; }
  if (Date.now() - since < ${hangMs}) return;
  const words = Buffer.from(note).toString('utf8').replace(/\\0.*$/s, '');
  require('node:fs').writeSync(1, 'FAILED: one input takes more than ${hangMs / 1000} s\\n    again: ' + words + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, 500).unref();
`;

/** Ends the process with a line that says which input hangs. */
export class Watchdog {
  private readonly counter = new Int32Array(new SharedArrayBuffer(4));
  private readonly note = new Uint8Array(new SharedArrayBuffer(longestNote));
  private readonly worker: Worker;

  constructor() {
    this.worker = new Worker(watch, {
      eval: true,
      execArgv: [],
      workerData: { counter: this.counter.buffer, note: this.note.buffer },
    });
    this.worker.unref();
  }

  /** A new input begins; `again` is the command that repeats it. */
  expect(again: string): void {
    this.note.fill(0);
    this.note.set(Buffer.from(again).subarray(0, longestNote));
    Atomics.add(this.counter, 0, 1);
  }

  /** Nothing is being decoded. */
  rest(): void {
    Atomics.store(this.counter, 0, 0);
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }
}
