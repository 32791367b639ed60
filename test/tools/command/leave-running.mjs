// Starts a program that ignores SIGTERM, with the built command tool, and exits while it runs. Arguments: the URL of
// the built library, the program's file for node, the file where it writes its process id, and a signal to die by.
import { existsSync } from 'node:fs';

const [built, program, pids, deadly] = process.argv.slice(2);
const { createCommandTool } = await import(built);
const options = {
  type: 'command',
  name: 'wait',
  description: 'Waits.',
  command: process.execPath,
  args: [program],
};
const tool = createCommandTool(options, {
  programs: [process.execPath],
  env: process.env,
  directory: process.cwd(),
});
const { signal } = new AbortController();
void tool.execute({}, { signal, callId: 'c', env: {}, context: undefined, progress: () => {} });
setInterval(() => {
  if (!existsSync(pids)) return;
  if (deadly === undefined) process.exit();
  process.kill(process.pid, deadly);
}, 10);
