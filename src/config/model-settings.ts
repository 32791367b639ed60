import { z } from 'zod';
import { ExitCode } from '../contract/exit.js';
import { VoxtermError } from '../contract/failure.js';
import type { ServerTool, SessionSettings } from '../contract/settings.js';
import { modelKeys } from './model-schema.js';
import type { Config } from './schema.js';

const group = z.object(modelKeys);

/**
 * The settings of the model, taken from a whole configuration. `extra`: fields of the provider's own session object.
 * @throws VoxtermError exit 3 for a variable that is named but not set.
 */
export function modelSettings(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
  extra: SessionSettings['extra'],
): SessionSettings {
  const { turns, transcription, serverTools, ...others } = group.parse(config);
  return {
    ...others,
    turnDetection: turns,
    // Always requested, so that both sides of the conversation can be read. Transcription takes the
    // language alone: `pt`, not `pt-BR`.
    transcription: {
      ...transcription,
      language: config.language?.split('-')[0],
      languages: transcription?.languages?.map((tag) => tag.split('-')[0] ?? tag),
    },
    serverTools: serverTools?.map((tool) => withSecret(tool, env)),
    extra,
  };
}

/** Secrets stay in the environment; the file names the variable. */
function withSecret(
  tool: NonNullable<Config['serverTools']>[number],
  env: Readonly<Record<string, string | undefined>>,
): ServerTool {
  if (tool.type !== 'mcp') return tool;
  const { authorizationVariable: variable, ...rest } = tool;
  if (variable === undefined) return rest;
  const authorization = env[variable];
  if (authorization) return { ...rest, authorization };
  throw new VoxtermError(`The MCP server ${tool.label} needs ${variable}, which is not set.`, {
    code: 'config.variable-missing',
    exitCode: ExitCode.configuration,
    hint: `Set ${variable} in the environment or in --env-file, or remove "authorizationVariable".`,
  });
}
