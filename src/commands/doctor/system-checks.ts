import { keyStates } from '../../config/keys.js';
import { resolveWithOrigins } from '../../config/load.js';
import type { CommonFlags, Io } from '../../config/settings.js';
import { ExitCode } from '../../contract/exit.js';
import { findVoiceProgram } from '../../engines/speak/voice-program.js';
import type { Check, Finding } from './check.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The version of Node.js. A version that is too old never gets here. */
export function nodeCheck(): Check {
  return {
    id: 'node',
    title: 'Node.js',
    timeoutMs: 1000,
    exitCode: ExitCode.configuration,
    find: async () => ({
      status: 'ok',
      detail: `${process.versions.node} on ${process.platform} ${process.arch}`,
    }),
  };
}

/** Colour, size and raw input; without them, the conversation is shown as plain lines. */
export function terminalCheck({ stdin, stdout, env }: Io): Check {
  return {
    id: 'terminal',
    title: 'terminal',
    timeoutMs: 1000,
    exitCode: ExitCode.configuration,
    find: async (): Promise<Finding> => {
      if (!stdin.isTTY || !stdout.isTTY) {
        const side = stdin.isTTY ? 'output' : 'input';
        return { status: 'warning', detail: `the ${side} is no terminal: plain lines, and no keys` };
      }
      if (env.TERM === 'dumb') {
        return { status: 'warning', detail: 'TERM=dumb: plain lines', remedy: 'Use another terminal.' };
      }
      const colors = 2 ** stdout.getColorDepth();
      return { status: 'ok', detail: `${stdout.columns} × ${stdout.rows}, ${colors} colours` };
    },
  };
}

/** The configuration from flags, environment and files. */
export function configCheck(flags: CommonFlags, io: Io): Check {
  return {
    id: 'config',
    title: 'configuration',
    timeoutMs: 5000,
    exitCode: ExitCode.configuration,
    find: async () => {
      const { files, settings } = await resolveWithOrigins(flags, io.env, io);
      const where = files.length === 0 ? 'no file, which is fine' : files.join(', ');
      return { status: 'ok', detail: `${where}; provider ${settings.provider}` };
    },
  };
}

/**
 * Which keys are set: names of variables, never values. Whether a needed key is missing is for the provider's own
 * check.
 */
export function keysCheck(env: Environment): Check {
  return {
    id: 'keys',
    title: 'keys',
    timeoutMs: 1000,
    exitCode: ExitCode.configuration,
    find: async () => {
      const states = keyStates(env);
      const found = states.filter(({ set }) => set).map(({ variable }) => variable);
      const known = states.map(({ variable }) => variable).join(', ');
      const detail = found.length > 0 ? `set: ${found.join(', ')}` : `none is set (${known})`;
      return { status: 'ok', detail };
    },
  };
}

/** The engines that the built-in provider uses. */
export function voiceCheck(env: Environment): Check {
  return {
    id: 'voice',
    title: 'system voice',
    timeoutMs: 3000,
    exitCode: ExitCode.audio,
    find: async (): Promise<Finding> => {
      const program = await findVoiceProgram(process.platform, env);
      if (program !== undefined) return { status: 'ok', detail: program.command };
      return {
        status: 'warning',
        detail: 'none: the built-in provider answers with tones and text',
        remedy:
          process.platform === 'linux'
            ? 'Install one: sudo apt install espeak-ng'
            : 'Install espeak-ng, so that it is on the PATH.',
      };
    },
  };
}
