import { type Command, Option } from 'commander';
import { turnTypes } from '../contract/settings.js';
import { backendChoices, echoChoices } from '../contract/sound-options.js';
import { catalog } from '../providers/catalog.js';

/** What a flag is about. A command's help shows the groups that matter to it. */
type FlagGroup = 'Provider' | 'Sound' | 'Tools' | 'Agents' | 'Limits' | 'Files' | 'Output';

interface CommonFlag {
  readonly group: FlagGroup;
  readonly flags: string;
  readonly meaning: string;
  /** For help and completion; the configuration checks the value, wherever it comes from. */
  readonly choices?: readonly string[];
  readonly repeatable?: true;
}

const commonFlags: readonly CommonFlag[] = [
  {
    group: 'Provider',
    flags: '--provider <id>',
    meaning: 'whom to talk to',
    choices: catalog.map(({ id }) => id),
  },
  { group: 'Provider', flags: '--model <name>', meaning: 'model of the provider' },
  { group: 'Provider', flags: '--voice <name>', meaning: 'voice of the answers' },
  {
    group: 'Provider',
    flags: '--instructions <text>',
    meaning: 'how the assistant behaves; @FILE reads a file',
  },
  { group: 'Provider', flags: '--language <tag>', meaning: 'spoken language, such as en, de or pt-BR' },
  { group: 'Provider', flags: '--url <url>', meaning: 'address of a compatible server (ws:// or wss://)' },
  {
    group: 'Provider',
    flags: '--insecure',
    meaning: 'allow ws:// and headers over http:// to another machine',
  },
  {
    group: 'Provider',
    flags: '--turns <how>',
    meaning: 'who notices that you have finished: the server, by meaning, our own detector, or you',
    choices: turnTypes,
  },
  {
    group: 'Provider',
    flags: '--new-conversation',
    meaning: 'start a new conversation where the provider would continue the last one',
  },
  { group: 'Provider', flags: '--scenario <file>', meaning: 'script for the built-in provider' },
  {
    group: 'Sound',
    flags: '--input-device <device>',
    meaning: 'microphone, by index or part of its name',
  },
  { group: 'Sound', flags: '--output-device <device>', meaning: 'speaker, by index or part of its name' },
  {
    group: 'Sound',
    flags: '--backend <name>',
    meaning: 'way to the sound devices',
    choices: backendChoices,
  },
  {
    group: 'Sound',
    flags: '--echo <mode>',
    meaning: 'keeps the assistant from hearing itself',
    choices: echoChoices,
  },
  {
    group: 'Tools',
    flags: '--tool <name|module>',
    meaning: 'tool the assistant may call, instead of those configured; "none" for no tool',
    repeatable: true,
  },
  {
    group: 'Tools',
    flags: '--allow-tool <name>',
    meaning: 'tool that runs without asking',
    repeatable: true,
  },
  { group: 'Tools', flags: '--mcp-config <file>', meaning: 'MCP servers whose tools the assistant may call' },
  { group: 'Agents', flags: '--agent <name>', meaning: 'which of the configured agents begins' },
  {
    group: 'Agents',
    flags: '--var <name=value>',
    meaning: 'value for {{name}} in instructions',
    repeatable: true,
  },
  { group: 'Limits', flags: '--max-cost <amount>', meaning: 'end when it has cost so much' },
  { group: 'Limits', flags: '--max-turns <count>', meaning: 'end after so many turns of yours' },
  { group: 'Limits', flags: '--max-duration <seconds>', meaning: 'end after so long' },
  { group: 'Files', flags: '--resume <file>', meaning: 'begin with a conversation that was saved' },
  {
    group: 'Files',
    flags: '--save-history <file>',
    meaning: 'save the conversation at the end (.json or .md)',
  },
  { group: 'Files', flags: '--trace <file>', meaning: 'keep a trace of responses, tools and agents' },
  { group: 'Files', flags: '--config <file>', meaning: 'configuration file, before the user’s own' },
  { group: 'Files', flags: '--env-file <file>', meaning: 'variables that the environment does not set' },
  { group: 'Files', flags: '--record <dir>', meaning: 'keep sound, transcript and events' },
  { group: 'Files', flags: '--log-file <file>', meaning: 'log for finding faults' },
  { group: 'Output', flags: '--json', meaning: 'JSON on standard output' },
  { group: 'Output', flags: '--json-audio', meaning: 'with the samples of the answer in the events' },
  { group: 'Output', flags: '--quiet', meaning: 'no more than results and errors' },
  { group: 'Output', flags: '--verbose', meaning: 'tell what happens on standard error' },
  { group: 'Output', flags: '--no-color', meaning: 'no colours' },
];

/** The flags every command takes, before its name and after it. */
export function addCommonFlags(program: Command): void {
  for (const { group, flags, meaning, choices, repeatable } of commonFlags) {
    const option = new Option(flags, repeatable ? `${meaning} (repeatable)` : meaning).helpGroup(`${group}:`);
    // Used by help and completion only: commander's own check does not know the other sources of a value.
    if (choices !== undefined) option.argChoices = [...choices];
    if (repeatable) option.argParser(collect);
    program.addOption(option);
  }
}

/**
 * The flags that matter to a command, by group or one by one. Its help shows only these, but every command accepts all.
 */
const relevant: Readonly<Record<string, readonly (FlagGroup | `--${string}`)[]>> = {
  talk: ['Provider', 'Sound', 'Tools', 'Agents', 'Limits', 'Files', 'Output'],
  ask: ['Provider', 'Tools', 'Agents', 'Limits', 'Files', 'Output'],
  attach: ['Provider', 'Tools', 'Agents', 'Limits', 'Files', 'Output'],
  devices: ['Sound', 'Output'],
  doctor: ['Provider', 'Sound', 'Files', 'Output'],
  print: ['Provider', 'Sound', 'Tools', 'Agents', 'Limits', 'Files', 'Output'],
  path: ['Files', 'Output'],
  simulate: ['--scenario', '--language', '--config', '--env-file'],
  providers: ['--provider', '--model', '--config', '--json'],
};

export function relevantFlags(command: string, program: Command): Option[] {
  const shown: readonly string[] = relevant[command] ?? [];
  return program.options.filter(
    ({ helpGroupHeading, long }) =>
      shown.includes(long ?? '') || shown.some((name) => helpGroupHeading === `${name}:`),
  );
}

/** Collects a repeatable flag. */
export function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
