import type { CommonFlags } from './settings.js';

/** One setting, and the places apart from the configuration file where it can be given. */
export interface SettingName {
  /** Path in the configuration file. */
  readonly key: readonly string[];
  readonly option: keyof CommonFlags;
  readonly variable: string;
  /** How a variable is parsed: as text, boolean, number, or a comma-separated list or map (`NAME=VALUE`). */
  readonly kind: 'text' | 'switch' | 'number' | 'list' | 'map';
}

export const settingNames: readonly SettingName[] = [
  { key: ['provider'], option: 'provider', variable: 'VOXTERM_PROVIDER', kind: 'text' },
  { key: ['model'], option: 'model', variable: 'VOXTERM_MODEL', kind: 'text' },
  { key: ['voice'], option: 'voice', variable: 'VOXTERM_VOICE', kind: 'text' },
  { key: ['instructions'], option: 'instructions', variable: 'VOXTERM_INSTRUCTIONS', kind: 'text' },
  { key: ['language'], option: 'language', variable: 'VOXTERM_LANGUAGE', kind: 'text' },
  { key: ['url'], option: 'url', variable: 'VOXTERM_URL', kind: 'text' },
  { key: ['insecure'], option: 'insecure', variable: 'VOXTERM_INSECURE', kind: 'switch' },
  { key: ['audio', 'backend'], option: 'backend', variable: 'VOXTERM_BACKEND', kind: 'text' },
  { key: ['audio', 'inputDevice'], option: 'inputDevice', variable: 'VOXTERM_INPUT_DEVICE', kind: 'text' },
  { key: ['audio', 'outputDevice'], option: 'outputDevice', variable: 'VOXTERM_OUTPUT_DEVICE', kind: 'text' },
  { key: ['audio', 'echo'], option: 'echo', variable: 'VOXTERM_ECHO', kind: 'text' },
  { key: ['tools'], option: 'tool', variable: 'VOXTERM_TOOLS', kind: 'list' },
  { key: ['allowTools'], option: 'allowTool', variable: 'VOXTERM_ALLOW_TOOLS', kind: 'list' },
  { key: ['mcpConfig'], option: 'mcpConfig', variable: 'VOXTERM_MCP_CONFIG', kind: 'text' },
  { key: ['agent'], option: 'agent', variable: 'VOXTERM_AGENT', kind: 'text' },
  { key: ['variables'], option: 'var', variable: 'VOXTERM_VARIABLES', kind: 'map' },
  { key: ['limits', 'cost'], option: 'maxCost', variable: 'VOXTERM_MAX_COST', kind: 'number' },
  { key: ['limits', 'turns'], option: 'maxTurns', variable: 'VOXTERM_MAX_TURNS', kind: 'number' },
  { key: ['limits', 'durationS'], option: 'maxDuration', variable: 'VOXTERM_MAX_DURATION', kind: 'number' },
  { key: ['trace'], option: 'trace', variable: 'VOXTERM_TRACE', kind: 'text' },
  { key: ['turns', 'type'], option: 'turns', variable: 'VOXTERM_TURNS', kind: 'text' },
  { key: ['scenario'], option: 'scenario', variable: 'VOXTERM_SCENARIO', kind: 'text' },
  { key: ['record'], option: 'record', variable: 'VOXTERM_RECORD', kind: 'text' },
  { key: ['logFile'], option: 'logFile', variable: 'VOXTERM_LOG_FILE', kind: 'text' },
];

/** The variable that names a configuration file, like `--config`. */
export const configVariable = 'VOXTERM_CONFIG';

/** `inputDevice` → `--input-device`. */
export function flagOf(option: keyof CommonFlags): string {
  return `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
