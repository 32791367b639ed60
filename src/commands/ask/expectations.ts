import { ExitCode } from '../../contract/exit.js';
import { VoxtermError } from '../../contract/failure.js';

export interface ExpectationFlags {
  readonly expectHeard: readonly string[];
  readonly expectSaid: readonly string[];
  readonly expectTool: readonly string[];
}

export interface Outcome {
  readonly heard: readonly string[];
  readonly said: readonly string[];
  readonly tools: readonly { readonly name: string; readonly ok: boolean }[];
}

/** The expectations of `--expect-*`, validated before anything is sent. */
export class Expectations {
  private readonly heard: readonly RegExp[];
  private readonly said: readonly RegExp[];

  /** @throws VoxtermError exit 2 for an invalid regular expression. */
  constructor(private readonly flags: ExpectationFlags) {
    this.heard = flags.expectHeard.map((source) => pattern(source, '--expect-heard'));
    this.said = flags.expectSaid.map((source) => pattern(source, '--expect-said'));
  }

  /** One sentence per expectation that was not met. */
  unmet({ heard, said, tools }: Outcome): string[] {
    return [
      ...missing(this.heard, heard, 'heard from the user'),
      ...missing(this.said, said, 'said by the assistant'),
      ...this.flags.expectTool.flatMap((name) => missingTool(name, tools)),
    ];
  }
}

function pattern(source: string, flag: string): RegExp {
  try {
    return new RegExp(source, 'imu'); // ^ and $ stand for the ends of each message
  } catch (error) {
    throw new VoxtermError(`${flag} "${source}" is not a regular expression.`, {
      code: 'usage.pattern',
      exitCode: ExitCode.usage,
      hint: 'Use JavaScript syntax, for example "paris|london"; case does not matter. Escape . ( [ ? + * with \\.',
      cause: error,
    });
  }
}

function missing(patterns: readonly RegExp[], texts: readonly string[], where: string): string[] {
  const all = texts.join('\n');
  return patterns
    .filter((wanted) => !wanted.test(all))
    .map(
      (wanted) =>
        `Expected /${wanted.source}/ to be ${where}; it was: ${all === '' ? 'nothing.' : quote(all)}`,
    );
}

function missingTool(
  name: string,
  tools: readonly { readonly name: string; readonly ok: boolean }[],
): string[] {
  const calls = tools.filter((tool) => tool.name === name);
  if (calls.some((tool) => tool.ok)) return [];
  if (calls.length > 0) return [`Expected the tool ${name} to succeed; it was called and failed.`];
  const called = tools.map((tool) => tool.name).join(', ');
  return [
    `Expected the tool ${name} to be called; ${called === '' ? 'no tool was called' : `called: ${called}`}.`,
  ];
}

function quote(text: string): string {
  return JSON.stringify(text.length > 300 ? `${text.slice(0, 300)}…` : text);
}
