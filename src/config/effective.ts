import { ExitCode } from '../contract/exit.js';
import { catalog } from '../providers/catalog.js';
import { defaultConfig, defaults } from './defaults.js';
import { keyVariablesIn } from './keys.js';
import type { Layer, Origin, Path } from './layer.js';
import type { McpServersSection } from './mcp/mcp-schema.js';
import type { Config } from './schema.js';

type ProviderSection = NonNullable<Config['providers']>[string];

/** The MCP servers of one place, and how messages name that place. */
export interface McpSource {
  readonly section: McpServersSection;
  readonly origin: Origin;
}

/** The merged configuration: the values in effect, and where each comes from. */
export interface Effective {
  readonly config: Config;
  readonly provider: string;
  readonly model: string;
  /** The section of the selected provider, merged from all layers. */
  readonly section: ProviderSection;
  /** MCP servers by the place that names them, highest precedence first, without duplicates. */
  readonly mcpSources: readonly McpSource[];
  /** Names of all variables that hold keys, of every provider that is known or configured. */
  readonly keyVariables: readonly string[];
  /** The place a value comes from; undefined if it was not set. */
  originOf(path: Path): Origin | undefined;
}

/** `layers`: highest precedence first. */
export function weigh(layers: readonly Layer[]): Effective {
  const provider =
    layers.find(({ config }) => config.provider !== undefined)?.config.provider ?? defaults.provider;
  const model = catalog.find(({ id }) => id === provider)?.defaultModel ?? provider;
  const weighed = [
    ...layers.map((layer) => ({ ...layer, config: forProvider(layer.config, provider) })),
    { ...defaultOrigin, config: { ...defaultConfig, ...(hasAgents(layers) && { tools: [] }), model } },
  ];
  const config = weighed.reduce<Config>((strong, layer) => merge(strong, layer.config), {});
  return {
    config,
    provider,
    model: config.model ?? model,
    section: Object.assign({}, ...[...layers].reverse().map((layer) => sectionOf(layer.config, provider))),
    mcpSources: mcpSourcesOf(layers),
    keyVariables: [...new Set(layers.flatMap(({ config: { providers } }) => keyVariablesIn(providers)))],
    originOf: (path) => weighed.find((layer) => has(layer.config, path)),
  };
}

/** Agents have tools of their own, so the default tools are left out for them. */
function hasAgents(layers: readonly Layer[]): boolean {
  return layers.some(({ config: { agents = {} } }) => Object.keys(agents).length > 0);
}

function mcpSourcesOf(layers: readonly Layer[]): McpSource[] {
  const known = new Set<string>();
  return layers.flatMap(({ config: { mcpServers = {} }, ...origin }) => {
    const fresh = Object.entries(mcpServers).filter(([name]) => !known.has(name));
    for (const [name] of fresh) known.add(name);
    return fresh.length === 0 ? [] : [{ section: Object.fromEntries(fresh), origin }];
  });
}

const defaultOrigin: Origin = {
  source: 'default',
  exitCode: ExitCode.configuration,
  directory: '.',
  nameOf: (path) => path.join('.'),
  label: () => 'default',
};

/**
 * Model, voice and URL belong to the provider that is named in the same place: if another one is selected, they
 * would be wrong. A section of that provider overrides them.
 */
function forProvider(config: Config, provider: string): Config {
  const { model, voice, url, providers: _, ...rest } = config;
  const named = config.provider === undefined || config.provider === provider;
  const section = sectionOf(config, provider);
  return {
    ...rest,
    ...(named && defined({ model, voice, url })),
    ...defined({ model: section.model, voice: section.voice, url: section.url }),
  };
}

function sectionOf({ providers }: Config, provider: string): ProviderSection {
  return providers !== undefined && Object.hasOwn(providers, provider) ? (providers[provider] ?? {}) : {};
}

function merge(strong: Config, weak: Config): Config {
  const merged: Config = { ...weak, ...strong };
  for (const key of mergedGroups) Object.assign(merged, both(key, strong, weak));
  return merged;
}

/** Groups that are merged value by value. Turn detection and the agents are each taken whole from one layer. */
const mergedGroups = [
  'approvals',
  'audio',
  'limits',
  'mcpServers',
  'transcription',
  'variables',
  'weather',
] as const;

function both(key: (typeof mergedGroups)[number], strong: Config, weak: Config): Config {
  return strong[key] === undefined || weak[key] === undefined
    ? {}
    : { [key]: { ...weak[key], ...strong[key] } };
}

function has(config: Config, path: Path): boolean {
  let value: unknown = config;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return false;
    value = Object.getOwnPropertyDescriptor(value, step)?.value;
  }
  return true;
}

function defined(values: { readonly [key in 'model' | 'voice' | 'url']: string | undefined }): Config {
  return {
    ...(values.model !== undefined && { model: values.model }),
    ...(values.voice !== undefined && { voice: values.voice }),
    ...(values.url !== undefined && { url: values.url }),
  };
}
