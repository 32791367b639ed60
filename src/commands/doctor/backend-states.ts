import { execFile } from 'node:child_process';
import { z } from 'zod';
import { codeFile } from '../../base/package-files.js';

/** A sound backend, and why it cannot be used. */
const states = z.array(z.object({ id: z.string(), missing: z.string().optional() }));
export type BackendState = z.infer<typeof states>[number];

/** Separates the report from anything the native module prints. */
export const reportMark = 'voxterm-backends:';

/** Asks a child process which backends can be used here, best first. Rejects when it crashes. */
export async function backendStates(signal: AbortSignal): Promise<BackendState[]> {
  const program = codeFile('commands/doctor/backend-report.js');
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [program], { signal, killSignal: 'SIGKILL' }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else
        reject(
          new Error(
            `the native sound module ended the process that loaded it (${error.signal ?? error.code})`,
          ),
        );
    });
  });
  const line = output.split('\n').find((text) => text.startsWith(reportMark)) ?? '';
  return states.parse(JSON.parse(line.slice(reportMark.length)));
}
