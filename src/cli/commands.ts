import { type Command, Option } from 'commander';
import { type Shell, shells } from '../commands/completion/shells.js';
import type { CommonFlags, Io, Settings } from '../config/settings.js';
import type { ExitCode } from '../contract/exit.js';
import { type RecordingPace, recordingPaces } from '../contract/sound-options.js';
import { catalog, localEntry } from '../providers/catalog.js';
import { dialectIds } from '../simulator/wire/dialect-ids.js';
import { collect } from './flags.js';
import { port, seconds } from './numbers.js';
import { defaultCommand } from './usage-command.js';

type Done = (exitCode: ExitCode) => void;

/** Every command: its name, its own flags, and the module that is loaded when it runs. */
export function addCommands(program: Command, io: Io, done: Done): void {
  addTalk(program, io, done);
  addAsk(program, io, done);
  addAttach(program, io, done);
  addInspection(program, io, done);
  addSimulate(program, io, done);
  addConfig(program, io, done);
  addCompletion(program, io, done);
}

function addTalk(program: Command, io: Io, done: Done): void {
  program
    .command(defaultCommand, { isDefault: true })
    .description('converse by microphone and speaker; typed text works too')
    .action(async (_flags: unknown, command: Command) => {
      const settings = await conversationSettings(command, io);
      const { talk } = await import('../commands/talk.js');
      done(await talk(settings, io));
    });
}

interface AskFlags {
  readonly output?: string;
  readonly text?: string;
  readonly image?: string[];
  readonly transcript?: string;
  readonly pace: RecordingPace;
  readonly timeout?: number;
  readonly expectHeard?: string[];
  readonly expectSaid?: string[];
  readonly expectTool?: string[];
}

function addAsk(program: Command, io: Io, done: Done): void {
  program
    .command('ask')
    .description('one shot: a recording, or --text, becomes a spoken and written reply')
    .argument('[input]', 'audio file, or "-" for standard input')
    .option('-o, --output <file>', 'write the spoken reply as WAV; "-" is standard output')
    .option('--text <text>', 'ask in writing')
    .option('--image <file>', 'show this picture before asking (repeatable)', collect)
    .option('--transcript <file>', 'write the transcript of both sides')
    .addOption(
      new Option('--pace <pace>', 'feed the recording as it was spoken, or as fast as it goes')
        .choices(recordingPaces)
        .default('fast'),
    )
    .addOption(new Option('--timeout <seconds>', 'longest time for everything').argParser(seconds))
    .option('--expect-heard <regex>', 'exit 9 unless the user was heard so (repeatable)', collect)
    .option('--expect-said <regex>', 'exit 9 unless the assistant said so (repeatable)', collect)
    .option('--expect-tool <name>', 'exit 9 unless the tool succeeded (repeatable)', collect)
    .action(async (input: string | undefined, flags: AskFlags, command: Command) => {
      const {
        timeout: timeoutS,
        image: images,
        expectHeard = [],
        expectSaid = [],
        expectTool = [],
        ...rest
      } = flags;
      const settings = await conversationSettings(command, io);
      const { ask } = await import('../commands/ask.js');
      done(
        await ask({ ...rest, input, images, timeoutS, expectHeard, expectSaid, expectTool }, settings, io),
      );
    });
}

function addAttach(program: Command, io: Io, done: Done): void {
  program
    .command('attach')
    .description(
      'take part in a telephone call: tools, guardrails and a transcript; its sound stays with the provider',
    )
    .argument('<call-id>', 'id of the call, as the provider names it (rtc_…)')
    .action(async (callId: string, _flags: unknown, command: Command) => {
      const { resolveSettings } = await import('../config/load.js');
      const flags = command.optsWithGlobals<CommonFlags>();
      const provider = flags.provider ?? catalog.find(({ calls }) => calls)?.id;
      const settings = await resolveSettings(
        provider === undefined ? flags : { ...flags, provider },
        io.env,
        io,
      );
      const { attach } = await import('../commands/attach.js');
      done(await attach(callId, settings, io));
    });
}

function addInspection(program: Command, io: Io, done: Done): void {
  program
    .command('devices')
    .description('list microphones and speakers, the defaults marked')
    .action(async (_flags: unknown, command: Command) => {
      const { devices } = await import('../commands/devices.js');
      done(await devices(await settingsOf(command, io), io));
    });
  program
    .command('doctor')
    .description('check what voxterm needs, with the remedy for what is missing')
    .action(async (_flags: unknown, command: Command) => {
      const { doctor } = await import('../commands/doctor.js');
      done(await doctor(command.optsWithGlobals<CommonFlags>(), io));
    });
  program
    .command('providers')
    .description('table of what each provider can do')
    .action(async (_flags: unknown, command: Command) => {
      const { providers } = await import('../commands/providers.js');
      done(await providers(await settingsOf(command, io), io));
    });
}

function addConfig(program: Command, io: Io, done: Done): void {
  const config = program.command('config').description('find, show or begin the configuration file');
  config
    .command('path')
    .description('print where the configuration file is looked for')
    .action(async (_flags: unknown, command: Command) => {
      const { printConfigPath } = await import('../commands/config.js');
      done(printConfigPath(command.optsWithGlobals<CommonFlags>(), io));
    });
  config
    .command('print')
    .description('print every value in effect, and where it comes from')
    .action(async (_flags: unknown, command: Command) => {
      const { printConfig } = await import('../commands/config.js');
      done(await printConfig(command.optsWithGlobals<CommonFlags>(), io));
    });
  config
    .command('init')
    .description('write a commented configuration file to begin with; never overwrites')
    .action(async (_flags: unknown, command: Command) => {
      const { initConfig } = await import('../commands/config.js');
      done(await initConfig(command.optsWithGlobals<CommonFlags>(), io));
    });
}

function addCompletion(program: Command, io: Io, done: Done): void {
  program
    .command('completion')
    .description('print a completion script for your shell')
    .addArgument(program.createArgument('<shell>', 'the shell').choices(shells))
    .action(async (shell: Shell) => {
      const { completion } = await import('../commands/completion.js');
      done(completion(shell, program, io));
    });
}

interface SimulateFlags {
  readonly port?: number;
  readonly host?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly dialect?: string;
  readonly deployment?: readonly string[];
  readonly quirk?: readonly string[];
  readonly allowOrigin?: readonly string[];
}

function addSimulate(program: Command, io: Io, done: Done): void {
  program
    .command('simulate')
    .description('run the built-in provider as a server for other clients')
    .addOption(dialectOption())
    .addOption(new Option('--port <port>', 'port to listen on; 0 takes any free one').argParser(port))
    .option('--host <address>', 'address to listen on; only this machine without VOXTERM_SIMULATE_TOKEN')
    .option(
      '--allow-origin <origin>',
      'a web page that may connect, besides those of this machine; "*" for all (repeatable)',
      collect,
    )
    .option('--tls-cert <file>', 'certificate for wss:// (PEM)')
    .option('--tls-key <file>', 'key of the certificate (PEM)')
    .option('--deployment <name>', 'with --dialect azure: a deployment the resource has', collect)
    .option(
      '--quirk <name>',
      'a peculiarity that the vendor shows only sometimes (docs/simulate.md)',
      collect,
    )
    .action(async (flags: SimulateFlags, command: Command) => {
      const { resolveSettings } = await import('../config/load.js');
      const common = { ...command.optsWithGlobals<CommonFlags>(), provider: localEntry.id };
      const { scenario, language } = await resolveSettings(common, io.env, io);
      const { simulate } = await import('../commands/simulate.js');
      done(await simulate({ ...flags, scenario, language }, io));
    });
}

/** Used by help and completion only: the command checks the value and explains what is allowed. */
function dialectOption(): Option {
  const option = new Option('--dialect <name>', 'whose wire to speak (default: openai)');
  option.argChoices = [...dialectIds];
  return option;
}

async function settingsOf(command: Command, io: Io): Promise<Settings> {
  const { resolveSettings } = await import('../config/load.js');
  return resolveSettings(command.optsWithGlobals<CommonFlags>(), io.env, io);
}

/** Without a chosen provider, a session names the other providers that a key was found for. */
async function conversationSettings(command: Command, io: Io): Promise<Settings> {
  const settings = await settingsOf(command, io);
  const { providerSource, scenario, output } = settings;
  // With a scenario, the built-in provider is the obvious choice.
  if (providerSource === 'default' && scenario === undefined && !output.quiet) {
    const { keysFound } = await import('../config/keys.js');
    io.stderr.write(`${keysFound(settings.env)}\n`);
  }
  return settings;
}
